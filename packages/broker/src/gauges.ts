/** How full a broker is: one number for each bound. */
import type { Core } from './core.ts';
import { COUNTERS, type Counters } from './counters.ts';
import type { Metric } from './metrics.ts';
import type { ReplyMemory } from './session/memory.ts';

export function counted(counters: Counters): Metric[] {
  return Object.entries(COUNTERS).map(([name, help]) => {
    return { name, help, type: 'counter', value: counters[name as keyof Counters] };
  });
}

export function gauges(core: Core, memory: ReplyMemory): Metric[] {
  const { sessions, archive, stalled, router, events, returning, hosts, storedEvents } = core;
  return [
    gauge('connections', 'connections that are open', core.connections),
    gauge('webSockets', 'pages that are connected over WebSocket', core.guests.size),
    gauge('sessions', 'sessions, with and without a connection', sessions.size),
    gauge('keptSessions', 'sessions whose client is away', sessions.kept),
    gauge('queuedBytes', 'bytes that line up for clients in memory', archive.backlog.bytes),
    gauge('unsavedClients', 'clients with messages that no store has yet', archive.unsaved.size),
    gauge('storingBytes', 'bytes that the store is to keep', archive.journal.bytes),
    gauge('storeDown', '1 while the store does not answer', archive.isDown ? 1 : 0),
    gauge('stalledConnections', 'connections that wait for the store', stalled.size),
    gauge('filters', 'distinct topic filters', router.filters),
    gauge('retained', 'retained messages', router.retained.size),
    gauge('retainedBytes', 'bytes of retained messages', router.retained.bytes),
    gauge('pendingEvents', 'events that are under way', events.pending),
    gauge('pendingBytes', 'bytes of events that are under way', events.windows.bytes),
    gauge('stoppedConnections', 'connections that wait for a vnode', events.windows.stopped),
    gauge('rememberedClients', 'clients whose replies are remembered', memory.clients),
    gauge('rememberedBytes', 'bytes of remembered replies', memory.bytes),
    gauge('hostVnodes', 'vnodes that hosts own', hosts.owned),
    gauge('vacantVnodes', 'vnodes that nobody serves', hosts.vacant),
    gauge('hostEvents', 'events that hosts have', hosts.handed),
    gauge('hostWaitingEvents', 'events that wait for a host', hosts.waiting),
    gauge('storedEvents', 'acknowledged events that wait in the store', storedEvents?.waiting ?? 0),
    gauge('returningClients', 'clients that are expected back', returning.clients),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', value };
}
