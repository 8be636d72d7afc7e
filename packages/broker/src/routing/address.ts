/** An events topic, read once per client and topic: who is meant, and where the answer goes. */
import {
  actionsTopic,
  DEFAULT_MODULE,
  isTopicName,
  parseEvents,
  printEvents,
  type Route,
} from '@n2o/shared';

/** A route with its two topics as they stand on the wire. */
export class Address implements Route {
  readonly client: string;
  readonly module: string;
  readonly version: string;
  readonly vnode: number;
  readonly user: string;
  readonly token: string;
  readonly origin: Route['origin'];
  readonly #moduleLevel: string;
  #topic: Uint8Array | (() => Uint8Array);
  #actions: string | undefined;
  #actionsBytes: Uint8Array | undefined;
  #forHosts: Uint8Array | undefined;

  /** @param topic as it came, or what makes it where it is asked for */
  constructor(route: Route, topic: Uint8Array | (() => Uint8Array), moduleLevel = route.module) {
    this.client = route.client;
    this.module = route.module;
    this.version = route.version;
    this.vnode = route.vnode;
    this.user = route.user;
    this.token = route.token;
    this.origin = route.origin;
    this.#topic = topic;
    this.#moduleLevel = moduleLevel;
  }

  /** The events topic, as it came; what server code tells has a topic for hosts alone. */
  get topic(): Uint8Array {
    if (typeof this.#topic === 'function') this.#topic = this.#topic();
    return this.#topic;
  }

  /** Made when it is asked for: pages are answered without. */
  get actions(): string {
    this.#actions ??= actionsTopic(this.version, this.#moduleLevel, this.client);
    return this.#actions;
  }

  get actionsBytes(): Uint8Array {
    this.#actionsBytes ??= Buffer.from(this.actions);
    return this.#actionsBytes;
  }

  /** The topic on which hosts hear it, with the vnode and the client in their places. */
  get forHosts(): Uint8Array {
    this.#forHosts ??=
      this.origin !== undefined
        ? this.topic
        : Buffer.from(
            printEvents({ ...this, node: String(this.vnode), module: this.#moduleLevel }),
          );
    return this.#forHosts;
  }

  /** Whether the topic on the wire is this one's. */
  isAt(buffer: Buffer, start: number, end: number): boolean {
    const { topic } = this;
    if (topic.length !== end - start) return false;
    // From the end: the topics of one client differ in their last levels, if at all.
    for (let i = topic.length - 1; i >= 0; i--) if (topic[i] !== buffer[start + i]) return false;
    return true;
  }
}

/** What an events topic is worth to its sender. */
export type Reading =
  | { readonly address: Address; readonly refused?: undefined }
  | { readonly address: Address; readonly refused: 'N2O_EVENT_TOPIC' | 'N2O_EVENT_FOREIGN' };

/**
 * Reads the events topic of a client. The client level must be the sender or empty, the node level
 * is filled in with the client's own vnode whatever it says. A refused one has an address as well,
 * as far as it can be told: that is where the refusal is sent.
 * @param shown the token that came with the connection, where the topic has none
 */
export function readAddress(topic: string, client: string, vnode: number, shown = ''): Reading {
  const parsed = isTopicName(topic) ? parseEvents(topic) : undefined;
  const bytes = Buffer.from(topic);
  const { version = '1', module = '', user = '' } = parsed ?? {};
  const token = parsed?.token || shown;
  const route = { client, module: module || DEFAULT_MODULE, version, vnode, user, token };
  // The answer goes where the sender looks for it: under the module level as it was written.
  const address = new Address(route, bytes, parsed ? module : DEFAULT_MODULE);
  if (!parsed) return { address, refused: 'N2O_EVENT_TOPIC' };
  if (parsed.client !== '' && parsed.client !== client) {
    return { address, refused: 'N2O_EVENT_FOREIGN' };
  }
  return { address };
}
