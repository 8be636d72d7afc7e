/** What connects the broker to the vnodes: an event goes in, its outcome comes back, once. */
import type { Route } from './context.ts';

/** How an event ended. */
export type Outcome =
  /** The bytes are the action for the client: a reply, or an error frame. */
  | 'reply'
  /** It was handled, and there is nothing to send. */
  | 'silent'
  /** No protocol knew it. */
  | 'unknown'
  /** Workers died over it; the bytes are an error frame. */
  | 'dead'
  /** Another host owns the vnode by now, and answers it: nothing is acknowledged, nothing sent. */
  | 'lost';

/** An event on its way to a vnode. */
export interface Event {
  readonly route: Route;
  /** Not to be changed, by anyone, ever: what is decoded from it may be views of it. */
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly dup: boolean;
  /**
   * The link MUST call it exactly once per event, and in order for the events of one client; only
   * events that it does not take in (busy, closed) it may settle before others.
   */
  settle(outcome: Outcome, bytes?: Uint8Array): void;
  /** Its memory may go, where it is of its own: it is settled, and nobody has a view of the payload any more. */
  release?(): void;
}

/** The broker's side of a link. */
export interface Link {
  /** Takes an event. MUST keep the order of the events of one client. May settle it before it returns. */
  deliver(event: Event): void;
  /** The vnode is this link's again: others have served it since, and what it knows of its clients is out of date. */
  own?(vnode: number): void;
}
