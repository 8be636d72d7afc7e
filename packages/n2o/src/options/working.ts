/** How workers run the modules. */
import { DEFAULT_PROTOCOLS } from '@n2o/vnode/protocols';
import { duration, list, path, toggle, whole } from '../config/kinds.ts';
import { type Machine, option, optional } from './option.ts';

export const working = ({ cores, production }: Machine) => ({
  workers: option(
    whole(0, 1_024),
    Math.max(1, cores - 1),
    'Threads that run the modules; with 0 the main thread does, and n2o broker runs none.',
    'cores less one, at least 1; of n2o broker 0',
  ),
  watch: option(toggle, false, 'Load modules again when their files change.'),
  protocols: option(
    list('names or paths, separated by commas'),
    [...DEFAULT_PROTOCOLS],
    'The protocols in the order in which they are asked; your own by the path of its module.',
  ),
  deadline: option(duration, 30_000, 'How long a handler may take until its client gets an error.'),
  mailboxLength: option(whole(1), 10_000, 'Events of one client that wait in a worker.'),
  watchdog: option(duration, 10_000, 'A worker that does not answer for that long is replaced.'),
  exposeErrors: option(
    toggle,
    !production,
    'Tell clients what a handler threw.',
    'true, but false where NODE_ENV is production',
  ),
  browserFiles: optional(
    path,
    "Where N2O's own browser files are, for pages that are asked for with ?runtime=script.",
    'these pages load ours',
  ),
});
