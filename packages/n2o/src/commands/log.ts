/** `n2o log LEVEL`: tells a server, or all hosts of a cluster, what to log from now on. */
import { randomUUID } from 'node:crypto';
import { type Client, type ClientOptions, connect } from '@n2o/client';
import {
  LOG_LEVELS,
  LOG_TOPIC,
  type LogChange,
  N2OError,
  printLogChange,
  textOf,
} from '@n2o/shared';
import type { Resolved } from '../config.ts';
import type { Options } from '../options.ts';
import { endpointOf } from '../vnode/endpoint.ts';
import { connectionOf } from './connection.ts';

/** Resolves when the broker has passed it on. */
export async function log({ options, operands, sources }: Resolved): Promise<number> {
  const id = randomUUID();
  const message = printLogChange(changeOf(operands[0] as string, options), id);
  const isNamed = sources.broker !== 'default';
  const broker = isNamed ? options.broker : connectionOf(options).url;
  const credentials = await credentialsOf({ ...options, broker });
  // Who is called like a host has to be one: others may not say what is logged.
  await using client = await connect(broker, { ...credentials, id: `n2o-host-log-${id}` });
  await client.subscribe([LOG_TOPIC], 1);
  const back = comesBack(client, message, options.timeout);
  await client.publish(LOG_TOPIC, message);
  await back;
  return 0;
}

function changeOf(operand: string, { module, client }: Options): LogChange {
  const levels: readonly LogChange['level'][] = [...LOG_LEVELS, 'default'];
  const level = levels.find((one) => one === operand);
  if (level === undefined) {
    const text = `log: expected ${levels.join(', ')}, got "${operand}"`;
    throw new N2OError('N2O_CONFIG_OPTION', text);
  }
  if (module !== undefined && client !== undefined) {
    throw new N2OError('N2O_CONFIG_OPTION', 'log: either --module or --client, not both');
  }
  return {
    level,
    ...(module !== undefined && { module }),
    ...(client !== undefined && { client }),
  };
}

/** Those of a host. */
async function credentialsOf(options: Options): Promise<ClientOptions> {
  const { trust, username, password } = await endpointOf(options);
  const { ca, cert, key, insecure } = trust;
  const { timeout } = options;
  return {
    ...{ timeout, connectTimeout: timeout },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    tls: {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      rejectUnauthorized: !insecure,
    },
  };
}

/** What comes back has gone to all who listen; a broker that does not let it pass may say nothing. */
function comesBack(client: Client, message: string, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      const text = 'the broker did not pass it on: may this user publish to, and hear, n2o/log?';
      reject(new N2OError('N2O_TOPIC_FORBIDDEN', text));
    }, timeout);
    client.on('message', ({ payload }) => {
      if (textOf(payload) !== message) return;
      clearTimeout(late);
      resolve();
    });
  });
}
