/** The services that server code may use, each behind an interface whose implementation is configured. */
import type { Auth } from './auth.ts';
import type { Cache } from './cache.ts';
import type { Kvs } from './kvs.ts';
import type { Mq } from './mq.ts';
import type { OwnedFiles } from './owned-files.ts';
import type { Pickler } from './pickler.ts';
import type { Processes } from './processes.ts';
import type { Sessions } from './session.ts';
import type { Timers } from './timers.ts';

export interface Services {
  readonly auth: Auth;
  readonly cache: Cache;
  readonly files: OwnedFiles;
  readonly kvs: Kvs;
  readonly mq: Mq;
  readonly pickler: Pickler;
  readonly processes: Processes;
  readonly sessions: Sessions;
  readonly timers: Timers;
}
