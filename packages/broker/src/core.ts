/** What all connections of a broker share. */
import type { Logger } from '@n2o/shared';
import type { Connection } from './connection/connection.ts';
import type { Deadlines } from './connection/deadlines.ts';
import type { Spool } from './connection/output.ts';
import type { Counters } from './counters.ts';
import type { Archive } from './keeping/archive.ts';
import type { Stalled } from './keeping/stalled.ts';
import type { Wills } from './keeping/wills.ts';
import type { Limits } from './limits.ts';
import type { Answers } from './routing/answers.ts';
import type { Events } from './routing/events.ts';
import type { Guests } from './routing/guest.ts';
import type { Hosts } from './routing/hosts.ts';
import type { Router } from './routing/router.ts';
import type { StoredEvents } from './routing/stored-events.ts';
import type { Tells } from './routing/tells.ts';
import type { Returning } from './session/returning.ts';
import type { Sessions } from './session/sessions.ts';

/** Who asks to come in. */
export interface Credentials {
  readonly client: string;
  readonly username: string | undefined;
  readonly password: Uint8Array | undefined;
  /** Address and port of the peer. */
  readonly remote: string;
}

/** Decides on a CONNECT. A rejection of the promise is answered as `server unavailable`. */
export type Authenticate = (credentials: Credentials) => Promise<boolean>;

export interface Core {
  readonly limits: Limits;
  readonly vnodes: number;
  readonly counters: Counters;
  readonly log: Logger;
  readonly spool: Spool;
  readonly deadlines: Deadlines;
  readonly sessions: Sessions;
  readonly returning: Returning;
  readonly router: Router;
  readonly archive: Archive;
  readonly wills: Wills;
  readonly stalled: Stalled;
  readonly answers: Answers;
  readonly events: Events;
  /** Clients that are there over WebSocket without MQTT. */
  readonly guests: Guests;
  readonly hosts: Hosts;
  readonly tells: Tells;
  /** Where events go that are acknowledged when they are stored; `undefined` where none is. */
  readonly storedEvents: StoredEvents | undefined;
  /** What vnode hosts show to be let in; without one only those of this machine are. */
  readonly clusterSecret: string | undefined;
  readonly authenticate: Authenticate | undefined;
  /** Connections that are open, this one among them. */
  readonly connections: number;
  /** Called once by each connection when it has ended. */
  left(connection: Connection): void;
}
