/** N2O's vnode host: workers that run the protocol loop on an application's modules. */

export { createHost, type EffectsStatus, type Host, type HostOptions } from './host.ts';
export { type BrokerStoreOptions, connectBrokerStore } from './link/broker-store.ts';
export { LINK_COUNTERS, type LinkCounters } from './link/counters.ts';
export { type Endpoint, readEndpoint, type Trust } from './link/endpoint.ts';
export { joinCluster, type Member, type MemberLoad } from './link/member.ts';
export type { MemberOptions, MemberTimes } from './link/settings.ts';
export type { VnodeLimits } from './link/vnode-link.ts';
export { type ModuleWatch, watchModules } from './modules/watch.ts';
export type { ThreadStatus } from './pool/thread.ts';
export { DEFAULT_PROTOCOLS } from './protocols/protocols.ts';
