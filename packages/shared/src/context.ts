/** What a protocol and a module may see beside the message. */
import type { Format } from './message.ts';
import type { Content } from './page/element.ts';
import type { Page } from './page/page.ts';
import type { Member } from './services/mq.ts';
import type { Services } from './services/services.ts';
import type { Identity, Variables } from './services/session.ts';

/** A structured logger: pino's shape, so that pino can be it. */
export interface Logger {
  debug(fields: object, text?: string): void;
  info(fields: object, text?: string): void;
  warn(fields: object, text?: string): void;
  error(fields: object, text?: string): void;
}

/** The address of a message: read from its topic once, valid for all that comes on it. */
export interface Route {
  readonly client: string;
  readonly module: string;
  readonly version: string;
  /** 1..vnodes */
  readonly vnode: number;
  /** Third and last of the extra levels of N2O 6's form; empty strings otherwise. */
  readonly user: string;
  readonly token: string;
  /**
   * Who says it, where that is not the client itself: server code, to the client's module; or the
   * HTTP port, on behalf of a browser. Nobody outside of the server can make such a route.
   */
  readonly origin?: 'server' | 'http' | undefined;
}

/** What a module keeps for one client: changed with the reply, both or neither, whatever dies meanwhile. */
export interface State<Value> {
  /** A copy of what is kept, with what this event has set; before the first time, what `state` of the module returns. */
  get(): Value;
  /**
   * Keeps a value that JSON can write, as it is now; `undefined` removes what is kept. A handler
   * that throws, or whose time is up, has set nothing.
   * @throws N2O_STATE_LIMIT, N2O_FORMAT_ENCODE, N2O_STATE_CLOSED when the event has ended
   */
  set(value: Value | undefined): void;
  /** Returns what takes back all that is set from now on. */
  mark(): () => void;
}

/** The session of a client, once it has shown its token or was given one. */
export interface ClientSession extends Variables {
  /** `undefined` before the client has begun one, and after it has ended, wherever that was. @throws N2O_STORE_UNAVAILABLE */
  identity(): Promise<Identity | undefined>;
  /**
   * It goes on under another token, see `Sessions`. While `main` runs the browser gets that with the
   * page; a client that has begun a conversation is told at once; others are yours to be given it.
   * @throws N2O_SESSION_NONE, N2O_STORE_UNAVAILABLE; N2O_BUS_UNAVAILABLE: renewed, and not told
   */
  renew(): Promise<Identity>;
  /** It is this one for the rest of the event. The protocols', not the handlers'. */
  adopt(identity: Identity): void;
  /** Whose it is as far as is known here: it may have ended elsewhere. The protocols', not the handlers'. */
  believed(): Promise<Identity | undefined>;
}

/** Handed to every protocol and handler; one per message. */
export interface Context<Kept = unknown> extends Route {
  /** How the message was written. */
  readonly format: Format;
  /** The quality of service of the event. */
  readonly qos: 0 | 1 | 2;
  /** Whether this may be a repetition: the sender says so, or a worker died over it. */
  readonly dup: boolean;
  /** What tells this event from others of its client and module, so that it has one effect; `undefined` for none. */
  readonly key: string | undefined;
  /** What the module keeps for this client. @throws N2O_STATE_MISSING where the module has no `state`, or the host no store */
  readonly state: State<Kept>;
  /** The module that the topic names. */
  readonly app: ModuleDefinition;
  /** The variables of the client's session. Where it has none, they are empty, and setting one throws N2O_SESSION_NONE. */
  readonly session: ClientSession;
  /**
   * What stands after the `?` in the address of the page or resource. The client says it: it names
   * what is wanted, and proves nothing.
   * @throws N2O_STORE_UNAVAILABLE where it is not known here and could not be asked for
   */
  readonly query: URLSearchParams;
  /** The page of the client; what it is asked to do goes out with the reply of `nitro` and `spa`. */
  readonly page: Page;
  readonly services: Services;
  /** Aborted when the deadline passes or the host closes; hand it to what you await. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What `init` of a module gets. */
export interface ModuleContext {
  readonly module: string;
  readonly log: Logger;
  readonly services: Services;
}

/** A method that clients call by name: gets JSON-RPC's `params` as they came, returns the result. */
export type Method<Kept = unknown> = {
  bivariance(params: unknown, context: Context<Kept>): unknown;
}['bivariance'];

/** A function that a postback names: gets its message and the id of the element. */
export type Handler<Kept = unknown> = {
  bivariance(message: unknown, trigger: string, context: Context<Kept>): unknown;
}['bivariance'];

/** A file that a client has sent, or wants. */
export interface FileTransfer {
  /** What the client calls the transfer; unique in its session. */
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Where it lies, in the folder of its session. */
  readonly path: string;
  /** Of the whole, in hex. */
  readonly sha256: string;
  /** What the client said of it besides. */
  readonly meta: unknown;
}

/** A block of a file that a client wants passed on. */
export interface FileBlock extends Pick<FileTransfer, 'id' | 'name' | 'size' | 'meta'> {
  /** Where in the file it begins, in bytes. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** One kind of things behind `/rest/:resource[/:id]`. What is missing is answered 405, `undefined` 404. */
export interface Resource {
  list?(query: Readonly<Record<string, string>>, context: Context): unknown;
  get?(id: string, context: Context): unknown;
  /** Returns what was made, with its `id`. @throws N2O_REST_INVALID for a value that it does not take */
  create?(value: unknown, context: Context): unknown;
  /** @throws N2O_REST_INVALID */
  update?(id: string, value: unknown, context: Context): unknown;
  /** Returns whether there was one. */
  delete?(id: string, context: Context): unknown;
}

/** A module: application code behind one `:module` level. */
export interface ModuleDefinition<Kept = unknown> {
  /**
   * Handles the postbacks of a page, `'init'` when it has connected, `'terminate'` when it is gone,
   * and every message that no other protocol knew; what it returns is the reply, `undefined` sends
   * none (but what a page is to do).
   */
  event?(message: unknown, context: Context<Kept>): unknown;
  /** The page at `/app/:module`: what stands in its body, or a whole document of `html`. */
  main?(context: Context<Kept>): Content | Promise<Content>;
  /**
   * Whether the page may be one for N2O's own runtime, which runs code that the server sends, for
   * whoever asks for it with `?runtime=script`. By default no page runs code but that of its files.
   */
  readonly scripts?: boolean;
  /** Handles what the client says to the application: N2O's `{client, Message}`. */
  client?(message: unknown, context: Context<Kept>): unknown;
  /** Handles what server code says to this client: N2O's `{server, Message}`. */
  server?(message: unknown, context: Context<Kept>): unknown;
  /** Handles binary data: N2O's `{bin, Data}`. */
  bin?(data: unknown, context: Context<Kept>): unknown;
  /** Told of each file that has arrived, at least once. One that it throws over is removed, and its client told. */
  file?(file: FileTransfer, context: Context<Kept>): unknown;
  /** Says to whom a block of a file is passed on, which the server does not keep: N2O's `relay`. */
  relay?(
    block: FileBlock,
    context: Context<Kept>,
  ): Member | undefined | Promise<Member | undefined>;
  /** Handles calls of the functions that `#api` actions defined in the page. */
  apiEvent?(name: string, data: unknown, context: Context<Kept>): unknown;
  /** Postbacks that name a function of their own. */
  readonly handlers?: Readonly<Record<string, Handler<Kept>>>;
  /** What `/rest/:module` serves. */
  readonly rest?: Resource;
  /** Runs once per worker before the first event; may be asynchronous. */
  init?(context: ModuleContext): unknown;
  /** Runs once per worker after the last event. */
  terminate?(): unknown;
  readonly methods?: Readonly<Record<string, Method<Kept>>>;
  /** Reads and writes all messages of this module in this format, whatever they look like. */
  readonly formatter?: Format;
  /** What `context.state` has for a client of which nothing is kept; a module without it keeps nothing. */
  state?(): Kept;
  /** The key of an event, in place of the one that it brings along; `undefined` for none. Events with the same key are the same. */
  key?(message: unknown, context: Context<Kept>): string | undefined;
  /** Whether the reply to an event with a key is remembered, so that it runs once; by default it is. */
  readonly remember?: boolean;
}

/** Names a module's type: returns what it is given. */
export function defineModule<Kept, const M extends ModuleDefinition<Kept>>(
  definition: M & ModuleDefinition<Kept>,
): M {
  return definition;
}
