/** What is under way for one client: the events that are not settled yet, in the order of arrival. */
import type { Connection } from '../connection/connection.ts';
import type { PendingEvent } from './event.ts';
import type { Stopped } from './windows.ts';

/**
 * Belongs to the client, not to its connection: a client that reconnects finds its events where
 * they were, and cannot have more of them under way by reconnecting.
 */
export class ClientLoad {
  readonly client: string;
  /** 1..vnodes */
  readonly vnode: number;
  /** The connection of the client, while there is one. */
  connection: Connection | undefined;
  /** The token of a session that its connection has shown as its password; empty without one. */
  token = '';
  /** Who speaks for a client that has no connection of MQTT, while it is there. */
  guest: Stopped | undefined;
  count = 0;
  /** Its connection is not read from until some of these are settled. */
  stopped = false;
  last: PendingEvent | undefined;

  constructor(client: string, vnode: number) {
    this.client = client;
    this.vnode = vnode;
  }

  add(event: PendingEvent): void {
    this.count++;
    event.previous = this.last;
    if (this.last) this.last.next = event;
    this.last = event;
  }

  remove(event: PendingEvent): void {
    this.count--;
    if (event.previous) event.previous.next = event.next;
    if (event.next) event.next.previous = event.previous;
    else this.last = event.previous;
    // Lest one that is kept for long keeps all that came after it.
    event.previous = event.next = undefined;
  }

  /** The last of the events that came on a connection. */
  lastOn(connection: Connection): PendingEvent | undefined {
    let event = this.last;
    while (event && event.origin !== connection) event = event.previous;
    return event;
  }

  /** The event under this packet identifier, if it is under way. */
  find(id: number): PendingEvent | undefined {
    for (let event = this.last; event; event = event.previous) if (event.id === id) return event;
    return undefined;
  }
}
