/** Where a Redis is: what a `redis://` URL says. */
import { unescaped } from '@n2o/shared';

/** @see docs/stores.md for the forms */
export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  /** Of the server, of its Sentinels, or of some nodes of the cluster. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** The name that Sentinels have for the server. */
  readonly master: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly db: number;
}

const FORM =
  /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;
const HOST = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/;
const QUERY: readonly string[] = ['db', 'sentinelUser', 'sentinelPassword'];
const DEFAULT_PORT = { single: 6379, sentinel: 26379, cluster: 6379 } as const;

/** Whether a text means to be the URL of a Redis. */
export function isRedisUrl(text: string): boolean {
  return /^rediss?[:+]/i.test(text);
}

/** Reads a URL; `undefined` when it is not of one of the forms. */
export function parseRedisUrl(url: string): RedisAddress | undefined {
  const [, secure, variant, account = '', list = '', path = '', search = ''] = FORM.exec(url) ?? [];
  if (secure === undefined) return undefined;
  const kind = kindOf(variant);
  const hosts = list.split(',').map((text) => parseHost(text, DEFAULT_PORT[kind]));
  const query = new URLSearchParams(search);
  const name = decode(path);
  const db = query.get('db') ?? ((kind === 'single' && name) || '0');
  const [username, password, ...rest] = account.split(':').map(decode);
  const isWrong =
    hosts.includes(undefined) ||
    (kind === 'single' && hosts.length > 1) ||
    (kind === 'sentinel') !== (name !== '' && kind !== 'single') ||
    !/^\d{1,5}$/.test(db) ||
    (kind === 'cluster' && db !== '0') ||
    rest.length > 0 ||
    [name, username, password].includes(BROKEN) ||
    [...query.keys()].some((key) => !QUERY.includes(key));
  if (isWrong) return undefined;
  return {
    kind,
    tls: secure !== '',
    hosts: hosts.filter((host) => host !== undefined),
    master: kind === 'sentinel' ? name : undefined,
    username: username || undefined,
    password: password || undefined,
    sentinelUsername: query.get('sentinelUser') ?? undefined,
    sentinelPassword: query.get('sentinelPassword') ?? undefined,
    db: Number(db),
  };
}

/** The address for readers: without user and password. */
export function describeAddress({ kind, tls, hosts, master, db }: RedisAddress): string {
  const scheme = `redis${tls ? 's' : ''}${kind === 'single' ? '' : `+${kind}`}`;
  const list = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  const path = master === undefined ? '' : `/${master}`;
  return `${scheme}://${list.join(',')}${path}${db === 0 ? '' : `?db=${db}`}`;
}

function kindOf(variant: string | undefined): RedisAddress['kind'] {
  const name = variant?.toLowerCase();
  return name === 'sentinel' || name === 'cluster' ? name : 'single';
}

/** Stands for a text whose per cent signs are no encoding. */
const BROKEN = '\0';

function decode(text: string): string {
  return unescaped(text) ?? BROKEN;
}

function parseHost(text: string, defaultPort: number) {
  const [, v6, name, digits] = HOST.exec(text) ?? [];
  const host = v6 ?? name;
  const port = Number(digits ?? defaultPort);
  return host === undefined || port > 65_535 || port < 1 ? undefined : { host, port };
}
