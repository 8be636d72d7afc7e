/** What a page says first on each connection, and the session that it is given: N2O's INIT. */
import {
  atom,
  binary,
  type ErrorCode,
  ErrorFrame,
  eventsTopic,
  type Format,
  type Formatters,
  Io,
  isQuery,
  N2OError,
  type Runtime,
  tuple,
} from '@n2o/shared';
import type { Opened } from '../envelopes.ts';
import { readReply } from '../reply.ts';
import { tokenTold } from '../token-told.ts';
import type { Open } from '../transport.ts';

/** Whether the page is connected: on the way for the first time, there, or on the way again. */
export type Presence = 'connecting' | 'online' | 'offline';

/** How a server answers what was pressed in a page of another session. */
export const OUTLIVED: ErrorCode = 'N2O_EVENT_SESSION';

export interface ConversationOptions {
  readonly module: string;
  readonly version: string;
  /** The client id. */
  readonly client: string;
  /** How actions come. */
  readonly runtime: Runtime;
  /** How the page writes, and how it is spoken to. */
  readonly format: Format;
  readonly formatters: Formatters;
  /** Milliseconds until a server that does not answer is given up. */
  readonly timeout: number;
  /** Where the token is kept; the page's memory will do. */
  readonly token: { get(): string; set(token: string): void };
  /** What stands after the `?` in the address of the page. */
  query(): string;
  /** The session goes on under another token than the one it had. */
  renewed(token: string): void;
  /** Does what the page is told. */
  follow(instructions: unknown): void;
  /** What it shows is of a session that is over, and was refused. */
  outlived(error: N2OError): void;
  presence(presence: Presence): void;
}

export class Conversation {
  readonly #options: ConversationOptions;
  /** How the attempt ends that is under way. */
  #pending: ((error?: N2OError) => void) | undefined;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** The same connections, each of which counts as one only when the server has answered INIT. */
  over(open: Open): Open {
    const { timeout, presence } = this.#options;
    return (listener, unreleased) => {
      let failure: N2OError | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const transport = open(
        {
          ...listener,
          connected: () => {
            const settle = (error?: N2OError) => {
              clearTimeout(timer);
              this.#pending = undefined;
              failure = error;
              if (error) return transport.close();
              presence('online');
              listener.connected();
            };
            this.#pending = settle;
            const text = `the server did not begin the conversation within ${timeout} ms`;
            timer = setTimeout(() => settle(new N2OError('N2O_CLIENT_CONNECT', text)), timeout);
            transport.publish(this.#init(), 0, false);
          },
          closed: (reason) => {
            clearTimeout(timer);
            this.#pending = undefined;
            presence('offline');
            listener.closed(failure ?? reason);
          },
        },
        unreleased,
      );
      return transport;
    };
  }

  /** Takes an action in; true when it answers INIT, and so nobody else's message. */
  take(action: Opened): boolean {
    const { message, module } = action;
    if (module !== this.#options.module || message instanceof N2OError) return false;
    const { value } = message;
    if (this.#pending && value instanceof ErrorFrame) {
      this.#pending(readReply(action, message.format) as N2OError);
      return true;
    }
    if (value instanceof ErrorFrame && value.code === OUTLIVED) {
      this.#options.outlived(readReply(action, message.format) as N2OError);
    }
    if (!(value instanceof Io)) return false;
    const [kind, token] = tokenTold(value);
    if (token !== undefined) this.#keep(token);
    this.#options.follow(value.eval);
    // This one is told besides all answers.
    if (kind === 'Auth') return true;
    if (token === undefined || !this.#pending) return false;
    this.#pending();
    return true;
  }

  #keep(next: string): void {
    const { token, renewed } = this.#options;
    const before = token.get();
    token.set(next);
    if (before !== '' && before !== next) renewed(next);
  }

  #init() {
    const { version, module, client, token } = this.#options;
    const payload = this.#beginning(token.get());
    return {
      topic: eventsTopic(version, '', module, client),
      payload,
      qos: 0,
      retain: false,
    } as const;
  }

  /** What the server takes for a beginning: text for a page that is spoken to in BERT. */
  #beginning(token: string): Uint8Array {
    const { runtime, format, formatters } = this.#options;
    const asked = this.#options.query();
    // The server keeps none that is longer.
    const query = isQuery(asked) ? asked : '';
    if (format !== 'json') {
      return formatters.text.encode(`N2O,${token},${runtime}${query && `,${query}`}`);
    }
    const said = [token, runtime, ...(query && [query])].map((text) => binary(text));
    return formatters.json.encode(tuple(atom('init'), ...said));
  }
}
