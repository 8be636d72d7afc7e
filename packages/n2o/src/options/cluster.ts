/** What all members of a cluster have: what is kept where, and what they share. */
import { folderOrUrl, period, secret, text, toggle, whole } from '../config/kinds.ts';
import { option, optional } from './option.ts';

export const cluster = {
  vnodes: option(whole(1, 256), 16, 'Partitions of the clients; fixed for the life of a cluster.'),
  store: option(
    folderOrUrl,
    '.n2o/store',
    'Where sessions, offline and retained messages and the replies of keyed events are kept.',
    '.n2o/store; of n2o vnode broker',
  ),
  storePrefix: option(
    text('some characters without braces and spaces', /^[^{}\s]+$/),
    'n2o',
    'What the names of all keys in Redis begin with.',
  ),
  storeSync: option(
    toggle,
    false,
    'Have a folder wait for the disk: what is kept then outlives a power cut too.',
  ),
  clusterSecret: optional(
    secret(16),
    'What vnode hosts show to the broker to be believed.',
    'they are believed from this machine only',
  ),
  effectTtl: option(period, 86_400_000, 'How long the reply to a keyed event is remembered.'),
  effectCount: option(whole(1, 65_535), 1_024, 'How many of these for one client.'),
  stateTtl: option(
    period,
    90 * 86_400_000,
    'How long the state of a client is kept after a module last set it.',
  ),
};
