/** N2O's vnode host: workers that run the protocol loop on an application's modules. */
export { createHost, type Host, type HostOptions } from './host.ts';
export { type ModuleWatch, watchModules } from './modules/watch.ts';
export type { ThreadStatus } from './pool/thread.ts';
export { DEFAULT_PROTOCOLS } from './protocols/protocols.ts';
