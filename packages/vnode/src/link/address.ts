/** Events topics as they come to a vnode, each read once: who speaks to whom, and where the answer goes. */
import { actionsTopic, DEFAULT_MODULE, isTopicName, parseEvents, type Route } from '@n2o/shared';
import type { Publish } from './wire.ts';

/** A route with the topics that it was read from and leads to. */
export interface Address extends Route {
  readonly topic: string;
  readonly actions: Uint8Array;
}

/** Reads the topic of an event that came to a vnode; `undefined` if it is none that can be answered. */
export function readAddress(topic: string, vnode: number): Address | undefined {
  const parsed = isTopicName(topic) ? parseEvents(topic) : undefined;
  if (!parsed?.client) return undefined;
  const { client, version, module, user = '', token = '' } = parsed;
  return {
    client,
    module: module || DEFAULT_MODULE,
    version,
    vnode,
    user,
    token,
    topic,
    // Under the module level as it was written: there the client looks for it.
    actions: Buffer.from(actionsTopic(version, module, client)),
  };
}

/** Addresses by their topics as they stand on the wire; the one that was read first is forgotten first. */
export class Addresses {
  readonly #vnode: number;
  readonly #limit: number;
  readonly #known = new Map<string, Address>();

  /** @param limit how many are kept */
  constructor(vnode: number, limit: number) {
    this.#vnode = vnode;
    this.#limit = limit;
  }

  of(packet: Publish): Address | undefined {
    const wire = packet.buffer.toString('latin1', packet.topicStart, packet.topicEnd);
    const known = this.#known.get(wire);
    if (known !== undefined) return known;
    const address = readAddress(packet.topic, this.#vnode);
    if (address === undefined) return undefined;
    if (this.#known.size >= this.#limit) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(wire, address);
    return address;
  }
}
