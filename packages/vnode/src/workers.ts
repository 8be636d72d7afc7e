/** What a process needs that has workers and a broker of its own: nothing of the link to other brokers. */
export { createHost, type Host } from './host.ts';
export { moduleFolders } from './modules/load.ts';
export { watchModules } from './modules/watch.ts';
export type { ServiceSettings } from './services/settings.ts';
