/** The certificates of the ports for TLS: read from their files, checked, and read again when these change. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Broker, Certificates, Tls } from '@n2o/broker';
import { type Logger, N2OError, reason } from '@n2o/shared';
import type { ServerOptions } from './options.ts';

/** How long nothing must change in the folder of a certificate before it is read, in milliseconds. */
const QUIET = 100;

type TlsOptions = Pick<
  ServerOptions,
  'mqttsPort' | 'httpsPort' | 'tlsCert' | 'tlsKey' | 'tlsCa' | 'tlsClientAuth'
>;

/** Reads what the options name; `undefined` when no port is for TLS. @throws N2O_CONFIG_OPTION */
export async function readTls(options: TlsOptions): Promise<Tls | undefined> {
  const { tlsCert, tlsKey, tlsCa, tlsClientAuth } = options;
  const port = (['mqttsPort', 'httpsPort'] as const).find((name) => options[name] !== 'off');
  if (port === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw unusable(port, 'TLS needs tlsCert and tlsKey');
  }
  const clientAuth = tlsClientAuth ?? (tlsCa === undefined ? 'none' : 'required');
  if (clientAuth !== 'none' && tlsCa === undefined) {
    throw unusable('tlsClientAuth', `${clientAuth} takes a tlsCa, to know who is believed`);
  }
  const [cert, key, ca] = await Promise.all([
    contentOf('tlsCert', tlsCert),
    contentOf('tlsKey', tlsKey),
    tlsCa === undefined ? undefined : contentOf('tlsCa', tlsCa),
  ]);
  const certificate = parsed('tlsCert', `${tlsCert} holds no certificate in PEM`, () => {
    return new X509Certificate(cert);
  });
  const privateKey = parsed('tlsKey', `${tlsKey} holds no key in PEM without a password`, () => {
    return createPrivateKey(key);
  });
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unusable('tlsKey', `${tlsKey} is not the key of ${tlsCert}`);
  }
  if (ca) parsed('tlsCa', `${tlsCa} holds no certificate in PEM`, () => new X509Certificate(ca));
  return { cert, key, ca, clientAuth };
}

/** Sees to it that a broker shows the certificates that are in the files now. */
export interface Renewal {
  /** Reads the files; what cannot be used is logged, and the old ones stay. */
  check(): Promise<void>;
  /** Ends it. Idempotent. */
  close(): void;
}

/** Watches the files of a broker's certificates; they may be replaced in any way and order. */
export function keepRenewed(
  options: TlsOptions,
  broker: Broker,
  first: Certificates,
  log: Logger,
): Renewal {
  let shown = first;
  let timer: NodeJS.Timeout | undefined;
  warnOfEnd(first, log);
  const check = async () => {
    try {
      const tls = await readTls(options);
      if (!tls || isSame(tls, shown)) return;
      broker.renew(tls);
      shown = tls;
      log.info({ until: new X509Certificate(tls.cert).validTo }, 'certificate renewed');
      warnOfEnd(tls, log);
    } catch (err) {
      log.error({ err }, 'certificate not renewed, the old one stays');
    }
  };
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void check(), QUIET).unref();
  };
  const files = [options.tlsCert, options.tlsKey, options.tlsCa].filter(
    (file) => file !== undefined,
  );
  // Files are replaced by others of their name: only their folder sees that.
  const watchers = [...new Set(files.map((file) => dirname(file)))].map((folder) =>
    watch(folder, { persistent: false }, changed).on('error', (err) =>
      log.warn({ folder, err }, 'changes of certificates are not seen any more'),
    ),
  );
  return {
    check,
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function isSame(one: Certificates, other: Certificates): boolean {
  return (['cert', 'key', 'ca'] as const).every((part) => `${one[part]}` === `${other[part]}`);
}

function warnOfEnd({ cert }: Certificates, log: Logger): void {
  const { validTo } = new X509Certificate(cert);
  if (Date.parse(validTo) < Date.now()) log.warn({ since: validTo }, 'certificate has expired');
}

async function contentOf(option: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw unusable(option, reason(cause), cause);
  }
}

function parsed<Value>(option: string, otherwise: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    throw unusable(option, otherwise, cause);
  }
}

function unusable(option: string, what: string, cause?: unknown): N2OError {
  return new N2OError('N2O_CONFIG_OPTION', `${option}: ${what}`, { cause });
}
