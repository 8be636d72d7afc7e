/** What server code tells the modules of clients: events in the mailboxes of these clients, from nobody's connection. */
import { isPageId, type Member, tellTopic, vnodeOf } from '@n2o/shared';
import { Address } from './address.ts';
import type { Events } from './events.ts';
import type { Full } from './windows.ts';

/** Addresses that are kept; beyond it the one that was made first is forgotten. */
const ADDRESSES = 4_096;

export class Tells {
  readonly #events: Events;
  readonly #vnodes: number;
  readonly #addresses = new Map<string, Address>();

  constructor(events: Events, vnodes: number) {
    this.#events = events;
    this.#vnodes = vnodes;
  }

  /**
   * Gives a message to the vnode of a client, behind what that has sent; what comes of it is sent to
   * the client. Returns which window is full when there is no room. The payload must not change
   * afterwards.
   */
  tell(member: Required<Member>, payload: Uint8Array): Full | undefined {
    const address = this.#addressOf(member);
    const load = this.#events.loadOf(address.client, address.vnode);
    const full = this.#events.windows.fullFor(load, payload.length);
    if (!full) this.#events.accept(load, undefined, address, payload, 1, false, 0);
    return full;
  }

  /** Whether the client was a connection that is over: nobody will ever have its id again. */
  isGone(client: string): boolean {
    return isPageId(client) && !this.#events.isThere(client);
  }

  #addressOf({ client, module, version }: Required<Member>): Address {
    const name = `${version}/${module}/${client}`;
    const known = this.#addresses.get(name);
    if (known) return known;
    const vnode = vnodeOf(client, this.#vnodes);
    const route = {
      client,
      module,
      version,
      vnode,
      user: '',
      token: '',
      origin: 'server',
    } as const;
    const address = new Address(route, Buffer.from(tellTopic(version, vnode, module, client)));
    if (this.#addresses.size >= ADDRESSES) {
      this.#addresses.delete(this.#addresses.keys().next().value ?? '');
    }
    this.#addresses.set(name, address);
    return address;
  }
}
