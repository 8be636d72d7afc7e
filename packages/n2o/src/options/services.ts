/** The services that modules use: what secures them, how long logins last, and which implementations are taken. */
import { implementation, period, secrets, toggle } from '../config/kinds.ts';
import { option, optional } from './option.ts';

const DAY = 86_400_000;

export const services = {
  secret: optional(
    secrets(16),
    'What texts are sealed with that clients carry, as session tokens are: the first; what the others sealed is still accepted. The same for all hosts of a cluster.',
    'made at random, and kept in .n2o/secret; needed where NODE_ENV is production',
  ),
  loginTtl: option(
    period,
    7 * DAY,
    'How long the session of a page lasts: its token, its variables.',
  ),
  loginProlong: option(toggle, true, 'Begin its time anew when it is used.'),
  legacyPickles: option(
    toggle,
    false,
    'Accept what an N2O in Erlang has pickled, under a secret of 16 characters.',
  ),
  auth: option(implementation('store'), 'store', 'Who keeps users and passwords.'),
  cache: option(implementation('memory'), 'memory', 'Who keeps what may be lost.'),
  fileService: option(implementation('disk'), 'disk', 'Who keeps the files that clients send.'),
  kvs: option(implementation('store'), 'store', 'Who keeps tables and feeds.'),
  mq: option(implementation('bus'), 'bus', 'Who carries what server code publishes.'),
  pickler: option(
    implementation('aes-gcm', 'plain'),
    'aes-gcm',
    'Who pickles; plain hides and protects nothing.',
  ),
  processes: option(implementation('worker'), 'worker', 'Who runs the processes of modules.'),
  session: option(implementation('store'), 'store', 'Who keeps the sessions of pages.'),
  timers: option(implementation('worker'), 'worker', 'Who runs the timers of modules.'),
};
