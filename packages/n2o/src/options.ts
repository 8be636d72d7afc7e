/** Every option of the command, described once: flags, environment, file, help and documentation come from here. */
import { FORMATS } from '@n2o/shared';
import { z } from 'zod';
import { duration, type Kind, list, qos, size, text, toggle, whole, word } from './config/kinds.ts';

/** What is to be known of an option beside its values. */
export interface About extends Omit<Kind<unknown>, 'schema'> {
  readonly description: string;
  /** The default in words, where it is not a fixed value. */
  readonly byDefault?: string;
}

/** What the defaults depend on. */
export interface Machine {
  readonly cores: number;
  /** `NODE_ENV` is `production`. */
  readonly production: boolean;
}

/** Descriptions of options, by their schema. */
export const about = z.registry<About>();

const MiB = 1_048_576;
const port = whole(0, 65_535);
const logLevel = word(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);
const store = text(
  'memory or the path of a folder (redis:// is not available in this version)',
  z
    .string()
    .min(1)
    .refine((value) => !/^rediss?:/i.test(value)),
);
const url = text(
  'mqtt[s]://host[:port] or ws[s]://host[:port]/path',
  z.url({ protocol: /^(mqtts?|wss?)$/ }),
);
const level = text('one topic level: not empty, without / + #', z.string().regex(/^[^/+#\0]+$/));

const serverOptions = ({ cores, production }: Machine) => ({
  host: option(text('a name or an address'), '127.0.0.1', 'Where the server listens.'),
  mqttPort: option(port, 1_883, 'The port for MQTT; 0 picks a free one.'),
  httpPort: option(
    port,
    8_000,
    'The port for HTTP and for MQTT over WebSocket; 0 picks a free one.',
  ),
  workers: option(
    whole(0, 1_024),
    Math.max(1, cores - 1),
    "Threads that run the modules; with 0 the broker's own does.",
    'cores less one, at least 1',
  ),
  vnodes: option(whole(1, 256), 16, 'Partitions of the clients; fixed for the life of a cluster.'),
  store: option(store, 'memory', 'Where sessions, offline and retained messages are kept.'),
  logLevel: option(logLevel, 'info', 'The least important messages that are logged.'),
  watch: option(toggle, false, 'Load modules again when their files change.'),
  protocols: option(
    list('names or paths, separated by commas'),
    ['heart', 'rpc', 'app'],
    'The protocols in the order in which they are asked; your own by the path of its module.',
  ),
  deadline: option(duration, 30_000, 'How long a handler may take until its client gets an error.'),
  maxPacketSize: option(size(256 * MiB), MiB, 'The largest MQTT packet.'),
  maxConnections: option(whole(1), 100_000, 'Connections at once.'),
  inflightPerClient: option(whole(1, 65_535), 1_024, 'Unanswered events of one client.'),
  inflightPerVnode: option(whole(1), 16_384, 'Unanswered events of one vnode.'),
  mailboxLength: option(whole(1), 10_000, 'Events of one client that wait in a worker.'),
  replyMemoryCount: option(
    whole(0, 65_535),
    1_024,
    'Replies that are remembered for one client, in case it repeats its events.',
  ),
  replyMemoryTtl: option(duration, 60_000, 'How long they are remembered.'),
  replyMemoryBytes: option(size(), 64 * MiB, 'How much all of them may take.'),
  topicLevels: option(whole(4, 100), 32, 'Levels of a topic.'),
  topicLength: option(size(65_535), 1_024, 'The length of a topic, and of a client id.'),
  connectTimeout: option(duration, 10_000, 'How long a connection may take to say CONNECT.'),
  watchdog: option(duration, 10_000, 'A worker that does not answer for that long is replaced.'),
  outputLimit: option(size(), 4 * MiB, 'What may wait for a connection that does not read.'),
  exposeErrors: option(
    toggle,
    !production,
    'Tell clients what a handler threw.',
    'true, but false where NODE_ENV is production',
  ),
});

const clientOptions = {
  url: optional(url, 'The broker that call, pub and sub connect to.', 'made of host and mqttPort'),
  id: optional(level, 'The client id.', 'a random one'),
  timeout: option(duration, 10_000, 'How long to wait for the connection, and for the reply.'),
  qos: option(qos, 1, 'The quality of service of what is sent, or subscribed to.'),
  format: optional(
    word(FORMATS),
    'How the message of a call is written.',
    'json where it is JSON, else text',
  ),
  retain: option(toggle, false, 'Have the broker keep the message for those who subscribe later.'),
  count: optional(whole(1), 'End after so many messages.', 'go on until interrupted'),
  verbose: option(toggle, false, 'Print the topic in front of each message.'),
};

/** The schema of all options. */
export function optionsSchema(machine: Machine) {
  return z.strictObject({ ...serverOptions(machine), ...clientOptions });
}

/** The options with their values. */
export type Options = z.output<ReturnType<typeof optionsSchema>>;

/** The name of an option, as in the file. */
export type OptionName = keyof Options;

/** The options of the server. */
export type ServerOptions = z.output<z.ZodObject<ReturnType<typeof serverOptions>>>;

/** What a file may hold: `n2o.config.ts` exports one. */
export type ConfigFile = z.input<ReturnType<typeof optionsSchema>>;

/** The names of the options of the server. */
export const SERVER_OPTIONS = Object.keys(
  serverOptions({ cores: 1, production: false }),
) as (keyof ServerOptions)[];

/** The names of the options of the commands that are clients. */
export const CLIENT_OPTIONS = Object.keys(clientOptions) as (keyof typeof clientOptions)[];

/** The name of the flag: `mqttPort` → `mqtt-port`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The name of the variable: `mqttPort` → `N2O_MQTT_PORT`. */
export function variableOf(name: string): string {
  return `N2O_${flagOf(name).replaceAll('-', '_').toUpperCase()}`;
}

/** An option with a default; `inWords` where that is not the same everywhere. */
function option<Value, Written>(
  kind: Kind<Value, Written>,
  byDefault: Value,
  description: string,
  inWords?: string,
): z.ZodType<Value, Written | undefined> {
  const schema = kind.schema.default(byDefault as never) as z.ZodType<Value, Written | undefined>;
  return described(schema, kind, description, inWords);
}

/** An option that may be absent; `inWords` is what happens then. */
function optional<Value, Written>(
  kind: Kind<Value, Written>,
  description: string,
  inWords: string,
): z.ZodType<Value | undefined, Written | undefined> {
  return described(kind.schema.optional(), kind, description, inWords);
}

function described<Schema extends z.ZodType, Value, Written>(
  schema: Schema,
  { schema: _, ...kind }: Kind<Value, Written>,
  description: string,
  inWords: string | undefined,
): Schema {
  about.add(schema, { ...kind, description, ...(inWords !== undefined && { byDefault: inWords }) });
  return schema;
}
