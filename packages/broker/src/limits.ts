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
  /** Messages that wait for one client behind that window or while it is away. */
  readonly queueLength: number;
  /** Bytes of payload of these, and likewise of those sent and not acknowledged. */
  readonly queueBytes: number;
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
}

const KiB = 1024;
const MiB = 1024 * KiB;

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
  queueLength: 10_000,
  queueBytes: 16 * MiB,
  allQueuesBytes: 512 * MiB,
  outputBytes: 4 * MiB,
  rememberedPerClient: 1_024,
  rememberedFor: 60_000,
  rememberedBytes: 64 * MiB,
  retained: 100_000,
  retainedBytes: 256 * MiB,
  keptSessions: 100_000,
};
