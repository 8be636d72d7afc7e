/** What happened since the start: the numbers behind every bound. */

/** Counter → what it counts. */
export const COUNTERS = {
  connects: 'connections that were accepted',
  protocolErrors: 'connections closed because of what the client sent',
  refusedConnects: 'connections refused with a CONNACK code',
  takeovers: 'connections replaced by another one with the same client id',
  events: 'events taken in',
  unknownEvents: 'events that no protocol knew',
  busyEvents: 'events of QoS 0 answered with busy, since a window was full',
  refusedEvents: 'messages refused for their topic',
  deadEvents: 'events that went to the dead-letter topic',
  lostEvents: 'events that ended unsettled, since their vnode had another owner',
  repeatedEvents: 'repeated events that were answered from memory',
  actions: 'actions sent to clients',
  publishes: 'messages that clients and server code published',
  drops: 'messages dropped because a queue, an output or a store was full',
  expiredSessions: 'sessions ended because their client was away for too long',
  expired: 'messages dropped because their client was away for too long',
  stops: 'times that a client was not read from since a window was full',
} as const;

/** The counts. */
export type Counters = Record<keyof typeof COUNTERS, number>;

export function createCounters(): Counters {
  return Object.fromEntries(Object.keys(COUNTERS).map((name) => [name, 0])) as Counters;
}
