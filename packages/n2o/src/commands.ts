/** The commands: what each is for, takes and does. */
import type { Resolved } from './config.ts';
import type { Io } from './io.ts';
import {
  ALL_OPTIONS,
  type OptionName,
  type Options,
  SERVER_OPTIONS,
  VNODE_OPTIONS,
} from './options.ts';

/** Does the work; resolves with the exit code. */
export type Run = (resolved: Resolved, io: Io) => Promise<number>;

/** A command as the help shows it. */
export interface Command {
  readonly summary: string;
  /** Its operands as they are written: `MODULE MESSAGE`, `[FOLDER]`, `FILTER…`. */
  readonly operands: string;
  /** How many operands it takes: least and most. */
  readonly arity: readonly [number, number];
  readonly options: readonly OptionName[];
  /** Defaults that are not those of the options. */
  readonly defaults?: Partial<Options>;
  /** More to know, a line each. */
  readonly notes?: readonly string[];
  /** Loads what it takes to do it: no command has to wait for the code of another. */
  load(): Promise<Run>;
}

/** The operands of commands that run modules: their folder. */
export const FOLDER = '[FOLDER]';

const connection = ['url', 'host', 'mqttPort', 'id', 'timeout', 'qos'] as const;
const trust = ['brokerCa', 'brokerCert', 'brokerKey', 'brokerInsecure'] as const;

/** By name; `help` and `--version` are answered without them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    summary: 'Start a broker and its workers in one process.',
    operands: FOLDER,
    arity: [0, 1],
    options: SERVER_OPTIONS,
    notes: ['FOLDER holds the modules, a file each; by default it is the current one.'],
    load: async () => (await import('./commands/start.ts')).start,
  },
  broker: {
    summary: 'Start a broker whose events vnode hosts handle.',
    operands: FOLDER,
    arity: [0, 1],
    options: SERVER_OPTIONS,
    defaults: { workers: 0 },
    notes: [
      'With workers it is as start, and FOLDER holds their modules; without, FOLDER is that of the',
      'modules which hosts run, for the files in it that browsers may have.',
    ],
    load: async () => (await import('./commands/broker.ts')).broker,
  },
  vnode: {
    summary: 'Start a vnode host: workers for a broker, on this machine or another.',
    operands: FOLDER,
    arity: [0, 1],
    options: VNODE_OPTIONS,
    defaults: { store: 'broker', httpPort: 'off' },
    notes: [
      'FOLDER holds the modules, a file each; by default it is the current one.',
      'Hosts of one cluster should have one store, so that what one did is known to the others:',
      'by default that of the broker, if it is one of ours, else each remembers for itself.',
    ],
    load: async () => (await import('./commands/vnode.ts')).vnode,
  },
  call: {
    summary: 'Send a message to a module and print the reply.',
    operands: 'MODULE MESSAGE',
    arity: [2, 2],
    options: [...connection, 'format', 'vnodes'],
    notes: [
      'MESSAGE is JSON, or else text; - reads it from the standard input.',
      'With --vnodes the broker may be any: the client finds its vnode itself.',
    ],
    load: async () => (await import('./commands/call.ts')).call,
  },
  pub: {
    summary: 'Publish a message to a topic.',
    operands: 'TOPIC MESSAGE',
    arity: [2, 2],
    options: [...connection, 'retain'],
    notes: ['MESSAGE is sent as it is; - reads it from the standard input.'],
    load: async () => (await import('./commands/pub.ts')).pub,
  },
  sub: {
    summary: 'Print what is published to topics.',
    operands: 'FILTER…',
    arity: [1, Number.POSITIVE_INFINITY],
    options: [...connection, 'count', 'verbose'],
    load: async () => (await import('./commands/sub.ts')).sub,
  },
  log: {
    summary: 'Change what a server or the hosts of a cluster log, while they run.',
    operands: 'LEVEL',
    arity: [1, 1],
    options: [
      'broker',
      'clusterSecret',
      ...trust,
      'host',
      'mqttPort',
      'module',
      'client',
      'timeout',
    ],
    notes: [
      'LEVEL is trace, debug, info, warn, error, fatal or silent; default is what is configured.',
      'Without --broker the server is found as by call, pub and sub.',
    ],
    load: async () => (await import('./commands/log.ts')).log,
  },
  doctor: {
    summary: 'Find out whether a broker keeps what this project relies on.',
    operands: 'URL',
    arity: [1, 1],
    options: [...trust, 'timeout', 'messages', 'json'],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  config: {
    summary: 'Print the options and where their values come from.',
    operands: 'print',
    arity: [1, 1],
    options: ALL_OPTIONS,
    load: async () => (await import('./commands/config.ts')).config,
  },
};
