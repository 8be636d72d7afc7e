/** How a vnode host gets to its broker, out of the options. */
import { readFile } from 'node:fs/promises';
import { N2OError, reason } from '@n2o/shared';
import { type Endpoint, readEndpoint } from '@n2o/vnode';
import type { VnodeOptions } from '../options.ts';

/** The user name under which hosts show the secret of their cluster. */
const USER = 'n2o-host';

type EndpointOptions = Pick<
  VnodeOptions,
  'broker' | 'clusterSecret' | 'brokerCa' | 'brokerCert' | 'brokerKey' | 'brokerInsecure'
>;

/** Reads the certificates. A user in the URL goes before the secret. @throws N2O_CONFIG_OPTION */
export async function endpointOf(options: EndpointOptions): Promise<Endpoint> {
  const [ca, cert, key] = await Promise.all(
    (['brokerCa', 'brokerCert', 'brokerKey'] as const).map((name) => textOf(name, options[name])),
  );
  const { broker, clusterSecret, brokerInsecure: insecure } = options;
  const endpoint = readEndpoint(broker, { ca, cert, key, insecure });
  if (endpoint.username !== undefined || clusterSecret === undefined) return endpoint;
  return { ...endpoint, username: USER, password: clusterSecret };
}

async function textOf(option: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new N2OError('N2O_CONFIG_OPTION', `${option}: ${reason(cause)}`, { cause });
  }
}
