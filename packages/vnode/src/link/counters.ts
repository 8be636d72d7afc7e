/** What happened on the link of a host since the start: the numbers behind its bounds. */

/** Counter → what it counts. */
export const LINK_COUNTERS = {
  linkConnects: 'connections to the broker for a vnode that were opened',
  linkBreaks: 'of them those that ended without this host wanting it',
  linkEvents: 'events taken in from the broker',
  linkActions: 'actions sent to the broker',
  linkUnknownEvents: 'events that no protocol knew',
  linkDeadEvents: 'events that went to the dead-letter topic',
  linkRefusedEvents: 'messages that are no events, or too large: acknowledged and not handled',
  linkRejoinedEvents: 'events that came again while they were under way',
  linkRepeatedEvents: 'events that came again and were answered from memory',
  linkLostEvents: 'outcomes dropped because another host has the vnode by now',
  linkStops: 'times that a vnode was not read from since its window was full',
} as const;

/** The counts. */
export type LinkCounters = Record<keyof typeof LINK_COUNTERS, number>;

export function createLinkCounters(): LinkCounters {
  return Object.fromEntries(Object.keys(LINK_COUNTERS).map((name) => [name, 0])) as LinkCounters;
}
