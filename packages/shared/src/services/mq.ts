/** Publish and subscribe for server code: to clients, to topics, to rooms, wherever those are. */

/** How a message is published. */
export interface PublishOptions {
  /** Default: 1. */
  readonly qos?: 0 | 1 | 2;
  /** Default: false. */
  readonly retain?: boolean;
}

/** A client, and the module that speaks with it. */
export interface Member {
  readonly client: string;
  readonly module: string;
  /** Default: `1`. */
  readonly version?: string;
}

/** A message that came in on a topic. */
export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
}

export interface Mq {
  /**
   * Publishes to a topic; values that are not bytes are written as JSON.
   * @throws N2O_TOPIC_NAME, N2O_TOPIC_FORBIDDEN, N2O_BUS_UNAVAILABLE, N2O_FORMAT_ENCODE
   */
  publish(topic: string, message: unknown, options?: PublishOptions): Promise<void>;
  /**
   * Sends an action to a client, as a reply of the module would be: also to one that is away and
   * has a session. By default in BERT.
   * @throws as `publish`
   */
  action(
    member: Member,
    message: unknown,
    options?: PublishOptions & { readonly format?: 'bert' | 'json' },
  ): Promise<void>;
  /**
   * Tells a client's module something: its `server` runs with the message in the context of that
   * client, in order with the client's own events, and what it answers goes to the client. N2O's
   * `Pid ! {server, Message}`. The message comes as it was, if JSON or BERT can write it. It is said
   * once: what a vnode loses on its way, or a broker elsewhere drops since the client has too much
   * under way, is not said again.
   * @throws N2O_TOPIC_NAME for a member that no topic can name, N2O_BUSY_CLIENT, N2O_BUSY_VNODE,
   *         N2O_MEMBER_GONE for a page whose connection is over, N2O_BUS_UNAVAILABLE, N2O_FORMAT_ENCODE
   */
  tell(member: Member, message: unknown): Promise<void>;
  /**
   * Hears what is published to a filter, in each worker that asks for it; first what is retained,
   * which may come again whenever the connection to a broker is a new one. What the listener throws, or rejects with, is
   * logged; it is not waited for.
   * @throws N2O_TOPIC_FILTER, N2O_TOPIC_FORBIDDEN, N2O_BUS_UNAVAILABLE
   */
  subscribe(filter: string, listener: (publication: Publication) => unknown): Promise<Subscription>;
  /**
   * Puts a member into a room, for as long as it renews that; once however often. N2O's `n2o:reg`.
   * @throws N2O_TOPIC_NAME for a room without a name, N2O_STORE_UNAVAILABLE, N2O_ROOM_LIMIT
   */
  reg(room: string, member: Member): Promise<void>;
  /** @throws N2O_STORE_UNAVAILABLE */
  unreg(room: string, member: Member): Promise<void>;
  /** Who is in a room. @throws N2O_STORE_UNAVAILABLE */
  members(room: string): Promise<readonly Member[]>;
  /**
   * Tells all members of a room. N2O's `n2o:send`. One that cannot be told does not keep the others
   * from it: then it rejects with the first error.
   * @throws as `tell`, N2O_STORE_UNAVAILABLE
   */
  send(room: string, message: unknown): Promise<void>;
}

export interface Subscription {
  /** Ends it. Idempotent. */
  unsubscribe(): Promise<void>;
}

/** What carries the messages of server code: the broker of this process, or the connection to one elsewhere. */
export interface Bus {
  /** Resolves when it is out or safely queued. @throws N2O_TOPIC_NAME, N2O_TOPIC_FORBIDDEN, N2O_BUS_UNAVAILABLE */
  publish(topic: string, payload: Uint8Array, options: Required<PublishOptions>): Promise<void>;
  /**
   * Gives a message to the vnode of a client as an event whose route has `origin: 'server'`.
   * @throws N2O_TOPIC_NAME, N2O_BUSY_CLIENT, N2O_BUSY_VNODE, N2O_MEMBER_GONE, N2O_BUS_UNAVAILABLE
   */
  tell(member: Required<Member>, payload: Uint8Array): Promise<void>;
  /** What the listener throws is logged. @throws N2O_TOPIC_FILTER, N2O_TOPIC_FORBIDDEN, N2O_BUS_UNAVAILABLE */
  subscribe(filter: string, listener: (publication: Publication) => void): Promise<Subscription>;
}
