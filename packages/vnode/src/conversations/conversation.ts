/** What is known of a client between its messages: its session, and how it wants to be spoken to. */
import type { Format, Identity, Runtime } from '@n2o/shared';

export interface Conversation {
  readonly identity: Identity;
  /** How the runtime of its page takes actions. */
  readonly runtime: Runtime;
  /** In which it is told what server code says. */
  readonly format: Format;
}

/** The conversations of a worker's clients: in memory, and in the store for whoever serves them next. */
export interface Conversations {
  /** `undefined` where the client has begun none. A promise only where the store has to be asked. @throws N2O_STORE_UNAVAILABLE */
  of(client: string): Conversation | undefined | Promise<Conversation | undefined>;
  /** The client has begun one, or goes on with one. @throws N2O_STORE_UNAVAILABLE */
  begin(client: string, conversation: Conversation): Promise<void>;
  /** Other hosts may have spoken with the clients of this vnode since. */
  forget(vnode: number): void;
}
