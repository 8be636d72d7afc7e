/** Events topics as they come to a vnode, each read once: who speaks to whom, and where the answer goes. */
import {
  actionsTopic,
  DEFAULT_MODULE,
  type EventsTopic,
  isTopicName,
  parseEvents,
  parseHttp,
  parseTell,
  type Route,
} from '@n2o/shared';
import type { Publish } from './wire.ts';

/** A route with the topics that it was read from and leads to. */
export interface Address extends Route {
  readonly topic: string;
  readonly actions: Uint8Array;
}

/** Reads the topic of an event that came to a vnode; `undefined` if it is none that can be answered. */
export function readAddress(topic: string, vnode: number): Address | undefined {
  const parsed = isTopicName(topic) ? parse(topic) : undefined;
  if (!parsed?.client) return undefined;
  const { client, version, module, user = '', token = '', origin } = parsed;
  return {
    client,
    module: module || DEFAULT_MODULE,
    version,
    vnode,
    user,
    token,
    origin,
    topic,
    // Under the module level as it was written: there the client looks for it.
    actions: Buffer.from(actionsTopic(version, module, client)),
  };
}

/** Whose topic it is says who speaks: only servers may publish to those of servers. */
function parse(topic: string): (EventsTopic & Pick<Route, 'origin'>) | undefined {
  if (topic.startsWith('events/')) return parseEvents(topic);
  const told = parseTell(topic);
  if (told) return { ...told, origin: 'server' };
  const asked = parseHttp(topic);
  return asked && { ...asked, origin: 'http' };
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
