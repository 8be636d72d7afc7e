/** The compose file as an engine reads it: variables put in, short forms made long. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export const ROOT = join(import.meta.dirname, '../..');

type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

/** A service, with what the tests use of it. */
export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly entrypoint?: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends: readonly (readonly [service: string, condition: Condition])[];
  /** As they are written: `address:port:port`. */
  readonly ports: readonly string[];
  readonly mounts: readonly Mount[];
  /** Everything as it stands in the file. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** What is mounted: a folder of this machine, or a volume by its name. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly isVolume: boolean;
  readonly isReadOnly: boolean;
}

export interface ComposeFile {
  readonly services: ReadonlyMap<string, Service>;
  readonly volumes: readonly string[];
  readonly networks: Readonly<Record<string, unknown>>;
}

/** Reads the files, later ones over earlier ones, with these variables in the environment. */
export async function readCompose(
  names: readonly string[] = ['docker-compose.yml'],
  env: Readonly<Record<string, string>> = {},
): Promise<ComposeFile> {
  const services = new Map<string, Record<string, unknown>>();
  const rest: Record<string, Record<string, unknown>> = { volumes: {}, networks: {} };
  for (const name of names) {
    const text = await readFile(join(ROOT, name), 'utf8');
    const put = (_: unknown, value: unknown) =>
      typeof value === 'string' ? interpolated(value, env) : value;
    const file = parse(text, put, { merge: true }) as Record<string, Record<string, never>>;
    for (const [service, raw] of Object.entries(file.services ?? {})) {
      services.set(service, merged(services.get(service) ?? {}, raw));
    }
    for (const part of ['volumes', 'networks']) Object.assign(rest[part] ?? {}, file[part]);
  }
  return {
    services: new Map([...services].map(([name, raw]) => [name, serviceOf(raw)])),
    volumes: Object.keys(rest.volumes ?? {}),
    networks: rest.networks ?? {},
  };
}

/** `${NAME:-default}`, the one form that the files use. */
function interpolated(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, otherwise: string) => {
    return env[name] || otherwise;
  });
}

/** Lists are added to, mappings are merged, all else is replaced. */
function merged(one: Record<string, unknown>, other: Record<string, unknown>) {
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = result[key];
    if (Array.isArray(before) && Array.isArray(value)) result[key] = [...before, ...value];
    else if (typeof before === 'object' && typeof value === 'object') {
      result[key] = { ...before, ...value };
    } else result[key] = value;
  }
  return result;
}

function serviceOf(raw: Record<string, unknown>): Service {
  const { command, environment = {}, depends_on: depends = {} } = raw;
  return {
    ...(raw as unknown as Pick<Service, 'image' | 'build' | 'entrypoint' | 'healthcheck'>),
    command: typeof command === 'string' ? wordsOf(command) : ((command as string[]) ?? []),
    environment: environment as Record<string, string>,
    depends: Object.entries(depends as Record<string, { condition: Condition }>).map(
      ([name, { condition }]) => [name, condition] as const,
    ),
    ports: (raw.ports as string[]) ?? [],
    mounts: ((raw.volumes as string[]) ?? []).map(mountOf),
    raw,
  };
}

/** A command line's words, as a shell would cut it. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

function mountOf(text: string): Mount {
  const [source = '', target = '', mode] = text.split(':');
  return { source, target, isVolume: !/^[./]/.test(source), isReadOnly: mode === 'ro' };
}
