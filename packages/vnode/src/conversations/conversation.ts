/** What is known of a client between its messages: its session, and how it wants to be spoken to. */
import type { Format, Identity, Route, Runtime } from '@n2o/shared';

export interface Conversation {
  /** `undefined` once its session is over: then the client is only spoken to as before. */
  readonly identity: Identity | undefined;
  /** How the runtime of its page takes actions. */
  readonly runtime: Runtime;
  /** In which it is told what server code says. */
  readonly format: Format;
  /** Of its page's address, as the client says. */
  readonly query: string;
}

/** One that begins. */
export type Begun = Conversation & { readonly identity: Identity };

/** Whose conversation it is: a context is one. */
export type Party = Pick<Route, 'client' | 'vnode'>;

/** The conversations of a worker's clients: in memory, and in the store for whoever serves them next. */
export interface Conversations {
  /** `undefined` where the client has begun none. A promise only where the store has to be asked. @throws N2O_STORE_UNAVAILABLE */
  of(party: Party): Conversation | undefined | Promise<Conversation | undefined>;
  /** What is known here without asking the store; `undefined` also where nothing is. */
  recall(party: Party): Conversation | undefined;
  /** The client has begun one, or goes on with one. @throws N2O_STORE_UNAVAILABLE */
  begin(party: Party, conversation: Begun): Promise<void>;
  /** The client is gone, and nobody will have its id again. @throws N2O_STORE_UNAVAILABLE */
  end(party: Party): Promise<void>;
  /** Whether so much of a session's time has passed since it was last asked for that it should be prolonged, if it can be. */
  isAging(party: Party): boolean;
  /** Other hosts may have spoken with the clients of this vnode since. */
  forget(vnode: number): void;
}
