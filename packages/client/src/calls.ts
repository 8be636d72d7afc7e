/** Calls of modules: what is sent, what is waited for, and until when. */
import { ErrorFrame, type Format, type Message, N2OError } from '@n2o/shared';
import { type Envelopes, formatOf, type Opened } from './envelopes.ts';
import { fateOf, fateOfUnkept } from './fate.ts';
import { withKey } from './key.ts';
import type { Line } from './line.ts';
import type { CallOptions, RequestOptions } from './options.ts';
import type { Parcel } from './outbox.ts';
import { Replies, type Settle } from './replies.ts';
import { RpcError, readReply } from './reply.ts';
import { RequestIds, requestOf, responseOf } from './rpc.ts';
import { randomName, type Settings } from './settings.ts';
import { tokenTold } from './token-told.ts';

/** What a module said that no call waited for. */
export interface Action extends Message {
  readonly module: string;
}

/** A method that no module has: the answer shows that all that was sent before it is over. */
const MARK = 'rpc.mark';

/** The longest that a timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

export class Calls {
  readonly #settings: Settings;
  readonly #envelopes: Envelopes;
  readonly #line: Line;
  /** The broker is N2O's, as far as we were told. */
  readonly #isOurs: boolean;
  /** By module. */
  readonly #replies = new Map<string, Replies>();
  readonly #ids = new RequestIds(randomName());
  #waiting = 0;
  /** The session is older than this client: what is replied first may be for its predecessor. */
  #inherited = false;

  constructor(settings: Settings, envelopes: Envelopes, line: Line) {
    this.#settings = settings;
    this.#envelopes = envelopes;
    this.#line = line;
    this.#isOurs = settings.peer === 'n2o';
  }

  /** Sends a message; resolves with the value of its reply. */
  async call(module: string, message: unknown, options: CallOptions): Promise<unknown> {
    this.#checkRoom();
    const replies = this.#repliesOf(module);
    const keyed = withKey(message, options.key, options.format ?? this.#settings.format);
    if (replies.isDoubtful) this.#mark(module, replies, options.format);
    return this.#exchange(module, keyed, options);
  }

  /** Calls a method; resolves with its result. */
  async request(
    module: string,
    method: string,
    params: unknown,
    options: RequestOptions,
  ): Promise<unknown> {
    this.#checkRoom();
    const id = this.#ids.next();
    const reply = await this.#exchange(module, requestOf(method, params, id), options, id);
    const response = responseOf(reply);
    if (response?.error) throw new RpcError(response.error);
    return response?.result;
  }

  /** Sends a message that is not to be answered; resolves when it is acknowledged. */
  async send(module: string, message: unknown, options: CallOptions): Promise<void> {
    this.#checkRoom();
    const { qos = this.#settings.qos } = options;
    const { format = this.#settings.format ?? formatOf(message) } = options;
    const keyed = withKey(message, options.key, options.format ?? this.#settings.format);
    const publication = this.#envelopes.seal(module, keyed, format, qos);
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: N2OError) => (error ? reject(error) : resolve());
      this.#repliesOf(module).send(this.#line.send(publication, settle));
    });
  }

  /** Takes an action in: for the call that waits for it; else gives back what it is. */
  take(opened: Opened): Action | N2OError | undefined {
    const { module, message } = opened;
    const isMessage = !(message instanceof N2OError);
    // A session that goes on under another token is told so besides all answers.
    if (isMessage && tokenTold(message.value)[0] === 'Auth') return { module, ...message };
    const id = isMessage ? this.#ids.answeredBy(message.value) : undefined;
    const isError = !isMessage || message.value instanceof ErrorFrame;
    const isTaken = this.#repliesOf(module).take(opened, id, isError);
    // A response of ours that nobody waits for is late, or that to a mark.
    if (isTaken || id !== undefined) return undefined;
    return isMessage ? { module, ...message } : message;
  }

  /** There is a connection, and nothing was sent on it yet. */
  opened(isFirst: boolean, isResumed: boolean): void {
    if (isFirst) this.#inherited = isResumed;
    else if (!this.#settings.clean) this.#reconnect(isResumed);
  }

  /** The connection is gone. */
  disconnected(): void {
    this.#reconnect(this.#settings.clean ? false : undefined);
  }

  /** Rejects all that waits. */
  close(error: N2OError): void {
    for (const replies of this.#replies.values()) replies.reconnect(error, () => 'lost');
  }

  /** Sends a message and waits; `id` when it is a request. */
  #exchange(
    module: string,
    message: unknown,
    options: RequestOptions,
    id?: string,
  ): Promise<unknown> {
    const { format = this.#settings.format ?? formatOf(message) } = options;
    const { qos = this.#settings.qos, timeout = this.#settings.timeout } = options;
    const replies = this.#repliesOf(module);
    return new Promise((resolve, reject) => {
      const publication = this.#envelopes.seal(module, message, format, qos);
      const parcel = this.#line.send(publication, ignore, this.#settings.peer !== 'other');
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle: Settle = (reply) => {
        clearTimeout(timer);
        this.#waiting--;
        if (parcel) this.#finish(parcel, !(reply instanceof N2OError));
        const value = reply instanceof N2OError ? reply : readReply(reply, format);
        if (value instanceof N2OError) reject(value);
        else resolve(value);
      };
      const slot =
        id === undefined ? replies.call(settle, parcel) : replies.request(id, settle, parcel);
      this.#waiting++;
      if (timeout > LONGEST) return;
      timer = setTimeout(() => {
        if (parcel?.sent === false) {
          this.#line.outbox.remove(parcel);
          replies.cancel(slot);
        } else replies.abandon(slot);
        settle(new N2OError('N2O_CLIENT_TIMEOUT', `${module} did not reply within ${timeout} ms`));
      }, timeout);
    });
  }

  /** Sends a request whose answer ends all doubt about what comes before it. */
  #mark(module: string, replies: Replies, format: Format = this.#settings.format ?? 'json'): void {
    // Other formats have no form for a request: there, replies are told apart by their order alone.
    if (format !== 'json' && format !== 'bert') return;
    const id = this.#ids.next();
    const mark = this.#envelopes.seal(module, requestOf(MARK, undefined, id), format, 1);
    replies.request(id, undefined, this.#line.send(mark, ignore));
  }

  /** @param isResumed `undefined` while it is not known */
  #reconnect(isResumed: boolean | undefined): void {
    const text = 'the connection was lost, and maybe the reply with it';
    const error = new N2OError('N2O_CLIENT_CONNECT', text);
    // To a plain WebSocket each connection is another client: there, a repetition would be news.
    const isSocket = this.#settings.peer === 'socket';
    for (const replies of this.#replies.values()) {
      replies.reconnect(error, (exchange) =>
        isSocket ? fateOfUnkept(exchange) : fateOf(exchange, this.#isOurs, isResumed),
      );
    }
    if (isSocket) this.#line.outbox.drop(error);
  }

  /** The caller is served, or has given up. */
  #finish(parcel: Parcel, isAnswered: boolean): void {
    const { outbox } = this.#line;
    const isSessionKept = !this.#settings.clean;
    if (isAnswered) outbox.answered(parcel, isSessionKept);
    // Another broker would take a repetition for a new message.
    else if (!this.#isOurs && (parcel.qos === 1 || !isSessionKept)) outbox.remove(parcel);
    else outbox.release(parcel);
  }

  #checkRoom(): void {
    const { inflight } = this.#settings;
    if (this.#waiting < inflight && this.#line.outbox.size < inflight) return;
    throw new N2OError('N2O_BUSY_CLIENT', `${inflight} messages are in flight already`);
  }

  #repliesOf(module: string): Replies {
    const known = this.#replies.get(module);
    if (known) return known;
    const replies = new Replies(this.#inherited);
    this.#replies.set(module, replies);
    return replies;
  }
}

/** A call's acknowledgement says nothing about its reply. */
function ignore(): void {}
