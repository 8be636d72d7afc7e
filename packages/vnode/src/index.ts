/** N2O's vnode host: workers that run the protocol loop on an application's modules. */

export { createFiles, FILE_LIMITS, type FilesOptions } from './files/create-files.ts';
export { createHost, type EffectsStatus, type Host, type HostOptions } from './host.ts';
export { type BrokerStoreOptions, connectBrokerStore } from './link/broker-store.ts';
export { LINK_COUNTERS, type LinkCounters } from './link/counters.ts';
export { type Endpoint, readEndpoint, type Trust } from './link/endpoint.ts';
export { joinCluster, type Member, type MemberLoad } from './link/member.ts';
export type { MemberOptions, MemberTimes } from './link/settings.ts';
export type { VnodeLimits } from './link/vnode-link.ts';
export { moduleFolders } from './modules/load.ts';
export { type ModuleWatch, watchModules } from './modules/watch.ts';
export type { ThreadStatus } from './pool/thread.ts';
export { DEFAULT_PROTOCOLS } from './protocols/defaults.ts';
export { createFtp, type FtpOptions } from './protocols/ftp.ts';
export { type KvsResourceOptions, kvsResource } from './rest/kvs-resource.ts';
export type { ServiceName, ServiceSettings } from './services/settings.ts';
