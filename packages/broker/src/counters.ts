/** What happened so far and what is held right now: the numbers behind every bound. */

/** Counts since the start, except where a name says otherwise. */
export interface Counters {
  /** Connections accepted. */
  connects: number;
  /** Connections closed because of what the client sent. */
  protocolErrors: number;
  /** Connections refused with a CONNACK code. */
  refusedConnects: number;
  /** Connections that were replaced by another one with the same client id. */
  takeovers: number;
  /** Events taken in. */
  events: number;
  /** Events that no protocol knew. */
  unknownEvents: number;
  /** Events that were answered with `busy`. */
  busyEvents: number;
  /** Events refused for their topic. */
  refusedEvents: number;
  /** Events that went to the dead-letter topic. */
  deadEvents: number;
  /** Repeated events that were answered from memory. */
  repeatedEvents: number;
  /** Actions sent to clients. */
  actions: number;
  /** Messages published by clients to ordinary topics. */
  publishes: number;
  /** Messages dropped because a client's output or queue was full. */
  drops: number;
  /** Times that a client was not read from because a window was full. */
  stops: number;
}

export function createCounters(): Counters {
  return {
    connects: 0,
    protocolErrors: 0,
    refusedConnects: 0,
    takeovers: 0,
    events: 0,
    unknownEvents: 0,
    busyEvents: 0,
    refusedEvents: 0,
    deadEvents: 0,
    repeatedEvents: 0,
    actions: 0,
    publishes: 0,
    drops: 0,
    stops: 0,
  };
}
