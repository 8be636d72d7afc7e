/** The numbers of a vnode host: its links, and what is behind their bounds. */
import type { Metric } from '@n2o/broker';
import { LINK_COUNTERS, type LinkCounters, type Member, type MemberLoad } from '@n2o/vnode';

const GAUGES: Readonly<Record<keyof MemberLoad, readonly [name: string, help: string]>> = {
  hosts: ['hosts', 'hosts of the cluster that are there'],
  pending: ['linkPendingEvents', 'events from the broker that are under way'],
  bytes: ['linkPendingBytes', 'bytes of events from the broker that are under way'],
  remembered: ['linkRememberedEvents', 'events whose acknowledgement the broker may not have'],
  rememberedBytes: ['linkRememberedBytes', 'bytes of these events and their actions'],
  output: ['linkOutputBytes', 'bytes that wait for the broker to read them'],
  full: ['linkFullVnodes', 'vnodes that are not read from since their window is full'],
};

export function linkMetrics({ counters, load, vnodes }: Member): readonly Metric[] {
  const served = {
    name: 'servedVnodes',
    help: 'vnodes that this host serves',
    type: 'gauge' as const,
    value: vnodes.length,
  };
  const gauges = Object.entries(GAUGES).map(([key, [name, help]]): Metric => {
    return { name, help, type: 'gauge', value: load[key as keyof MemberLoad] };
  });
  const counts = Object.entries(LINK_COUNTERS).map(([name, help]): Metric => {
    return { name, help, type: 'counter', value: counters[name as keyof LinkCounters] };
  });
  return [served, ...gauges, ...counts];
}
