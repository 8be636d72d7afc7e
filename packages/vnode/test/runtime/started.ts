/** A runtime for a test, what it is sent, and what came of it. */
import {
  createFormatters,
  type Event,
  type Logger,
  type ModuleDefinition,
  type Outcome,
  type Protocol,
} from '@n2o/shared';
import { onTestFinished } from 'vitest';
import { resolveProtocols } from '../../src/protocols/protocols.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/runtime/runtime.ts';

export const formatters = createFormatters();

/** A line of the log. */
export interface Line {
  readonly level: keyof Logger;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string | undefined;
}

/** An event that was sent; `outcome` is there once it was settled. */
export interface Sent {
  readonly event: Event;
  outcome?: Outcome;
  bytes?: Uint8Array;
  /** The bytes as text. */
  text?: string;
  readonly settled: Promise<Sent>;
}

export interface Started {
  readonly runtime: Runtime;
  readonly lines: readonly Line[];
  /** All events, in the order in which they were settled. */
  readonly settled: readonly Sent[];
  /** Sends a message to module `app` of client `c`, unless told otherwise. */
  send(payload: string | Uint8Array, address?: { client?: string; module?: string }): Sent;
}

export interface StartOptions extends Partial<Omit<RuntimeOptions, 'modules' | 'protocols'>> {
  /** Modules by name; or one, called `app`. */
  readonly modules: Readonly<Record<string, ModuleDefinition>>;
  readonly protocols?: readonly Protocol[];
  /** Stands between each event and the runtime. */
  readonly attend?: (event: Event) => Event;
}

/** Starts a runtime that is closed when the test is over. */
export async function start({
  modules,
  attend = (event) => event,
  ...options
}: StartOptions): Promise<Started> {
  const lines: Line[] = [];
  const settled: Sent[] = [];
  const exposeErrors = options.exposeErrors ?? false;
  const runtime = await createRuntime({
    protocols: await builtIn(exposeErrors),
    formatters,
    log: logInto(lines),
    ...options,
    modules: new Map(Object.entries(modules)),
  });
  onTestFinished(() => runtime.close(0));
  return {
    runtime,
    lines,
    settled,
    send(payload, { client = 'c', module = 'app' } = {}) {
      const sent = newSent(payload, client, module, settled);
      runtime.deliver(attend(sent.event));
      return sent;
    },
  };
}

/** The built-in protocols in their order. */
export function builtIn(exposeErrors = false): Promise<readonly Protocol[]> {
  const load = (name: string) => Promise.reject(new RangeError(name));
  return resolveProtocols(['heart', 'rpc', 'app'], { exposeErrors, load });
}

export function logInto(lines: Line[]): Logger {
  const at = (level: keyof Logger) => (fields: object, text?: string) => {
    lines.push({ level, fields: fields as Line['fields'], text });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function newSent(
  payload: string | Uint8Array,
  client: string,
  module: string,
  settled: Sent[],
): Sent {
  let resolve: (sent: Sent) => void;
  const sent: Sent = {
    event: {
      route: { client, module, version: '1', vnode: 7, user: 'u', token: 't' },
      payload: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
      qos: 1,
      dup: false,
      settle(outcome, bytes) {
        if (sent.outcome !== undefined) throw new RangeError('settled twice');
        sent.outcome = outcome;
        if (bytes !== undefined) {
          sent.bytes = bytes;
          sent.text = new TextDecoder().decode(bytes);
        }
        settled.push(sent);
        resolve(sent);
      },
    },
    settled: new Promise((done) => {
      resolve = done;
    }),
  };
  return sent;
}

/** A promise that a test resolves or rejects. */
export function gate<T = void>(): {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
  readonly fail: (thrown: unknown) => void;
} {
  let open: (value: T) => void = () => {};
  let fail: (thrown: unknown) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}
