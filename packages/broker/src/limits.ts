/** The bounds of a broker; nothing in it grows beyond one of these. */

export interface Limits {
  /** Largest control packet, in bytes; enforced before a packet is buffered. */
  readonly packetSize: number;
  /** Connections at once, those that have not said CONNECT among them. */
  readonly connections: number;
  /** Milliseconds until a connection must have said CONNECT. */
  readonly connectTimeout: number;
  /** Events of one client that are not answered yet. */
  readonly inflightPerClient: number;
  /** Events of one vnode that are not answered yet. */
  readonly inflightPerVnode: number;
  /** Bytes of payload of these. */
  readonly inflightBytesPerVnode: number;
  /** Levels of a topic name or filter. */
  readonly topicLevels: number;
  /** Bytes of a topic name, of a filter and of a client id. */
  readonly topicLength: number;
  /** Filters of one session. */
  readonly subscriptions: number;
  /** QoS 2 messages of one client that were acknowledged and wait for their PUBREL. */
  readonly unreleased: number;
  /** QoS 1 and 2 messages sent to one client and not acknowledged yet; the next ones wait. */
  readonly outgoingWindow: number;
  /** Bytes of payload of these. */
  readonly outgoingBytes: number;
  /** Messages that wait for one client behind that window or while it is away. */
  readonly queueLength: number;
  /** Bytes of these. */
  readonly queueBytes: number;
  /** Milliseconds that a message waits for a client that is away; then it is dropped. */
  readonly queueAge: number;
  /** What goes when a queue is full: its oldest message, or the one that came last. */
  readonly queueFull: 'oldest' | 'refuse';
  /** Messages and bytes of payload that wait in memory for a client that is there; those of a kept session go to the store then. */
  readonly lineLength: number;
  readonly lineBytes: number;
  /** Bytes of payload that line up for all clients together. */
  readonly allQueuesBytes: number;
  /** Bytes that a client's socket has not taken; beyond it QoS 0 messages are dropped. At least 64 KiB. */
  readonly outputBytes: number;
  /** Replies remembered for one client after its connection broke. */
  readonly rememberedPerClient: number;
  /** Milliseconds that they are remembered. */
  readonly rememberedFor: number;
  /** Bytes of all remembered replies. */
  readonly rememberedBytes: number;
  /** Retained messages. */
  readonly retained: number;
  /** Bytes of payload of these. */
  readonly retainedBytes: number;
  /** Sessions that are kept while their client is away. */
  readonly keptSessions: number;
  /** Milliseconds that a session is kept while its client is away. */
  readonly sessionLifetime: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;
const DAY = 24 * 60 * 60 * 1_000;

export const DEFAULT_LIMITS: Limits = {
  packetSize: MiB,
  connections: 100_000,
  connectTimeout: 10_000,
  inflightPerClient: 1_024,
  inflightPerVnode: 16_384,
  inflightBytesPerVnode: 64 * MiB,
  topicLevels: 32,
  topicLength: 1_024,
  subscriptions: 1_024,
  unreleased: 8_192,
  outgoingWindow: 1_024,
  outgoingBytes: 16 * MiB,
  queueLength: 250_000,
  queueBytes: 256 * MiB,
  queueAge: 7 * DAY,
  queueFull: 'oldest',
  lineLength: 10_000,
  lineBytes: 16 * MiB,
  allQueuesBytes: 512 * MiB,
  outputBytes: 4 * MiB,
  rememberedPerClient: 1_024,
  rememberedFor: 60_000,
  rememberedBytes: 64 * MiB,
  retained: 100_000,
  retainedBytes: 256 * MiB,
  keptSessions: 100_000,
  sessionLifetime: 30 * DAY,
};
