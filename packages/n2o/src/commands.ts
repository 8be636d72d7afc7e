/** The commands: what each is for, takes and does. */
import type { Resolved } from './config.ts';
import type { Io } from './io.ts';
import { CLIENT_OPTIONS, type OptionName, SERVER_OPTIONS } from './options.ts';

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
  /** More to know, a line each. */
  readonly notes?: readonly string[];
  /** Loads what it takes to do it: no command has to wait for the code of another. */
  load(): Promise<Run>;
}

const broker = ['url', 'host', 'mqttPort', 'id', 'timeout', 'qos'] as const;

/** By name; `help` and `--version` are answered without them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    summary: 'Start a broker and its workers in one process.',
    operands: '[FOLDER]',
    arity: [0, 1],
    options: SERVER_OPTIONS,
    notes: ['FOLDER holds the modules, a file each; by default it is the current one.'],
    load: async () => (await import('./commands/start.ts')).start,
  },
  call: {
    summary: 'Send a message to a module and print the reply.',
    operands: 'MODULE MESSAGE',
    arity: [2, 2],
    options: [...broker, 'format'],
    notes: ['MESSAGE is JSON, or else text; - reads it from the standard input.'],
    load: async () => (await import('./commands/call.ts')).call,
  },
  pub: {
    summary: 'Publish a message to a topic.',
    operands: 'TOPIC MESSAGE',
    arity: [2, 2],
    options: [...broker, 'retain'],
    notes: ['MESSAGE is sent as it is; - reads it from the standard input.'],
    load: async () => (await import('./commands/pub.ts')).pub,
  },
  sub: {
    summary: 'Print what is published to topics.',
    operands: 'FILTER…',
    arity: [1, Number.POSITIVE_INFINITY],
    options: [...broker, 'count', 'verbose'],
    load: async () => (await import('./commands/sub.ts')).sub,
  },
  config: {
    summary: 'Print the options and where their values come from.',
    operands: 'print',
    arity: [1, 1],
    options: [...SERVER_OPTIONS, ...CLIENT_OPTIONS],
    load: async () => (await import('./commands/config.ts')).config,
  },
};
