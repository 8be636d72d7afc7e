/** What a client is made of, and what it tells. */
import type { Formatters, N2OError } from '@n2o/shared';
import type { Arrival } from './arrivals.ts';
import type { Action } from './calls.ts';
import type { Opened } from './envelopes.ts';
import type { Settings } from './settings.ts';
import type { Open } from './transport.ts';

/** What a client tells, by name. */
export type ClientEvents = {
  /** A connection was made again. */
  connect: readonly [];
  /** The connection was lost; the client reconnects by itself. */
  disconnect: readonly [error: N2OError];
  /** An attempt to reconnect failed, or an action could not be read or followed. Nothing has to be done. */
  error: readonly [error: N2OError];
  /** A module said something that no call waited for; late replies are among it. */
  action: readonly [action: Action];
  /** A message arrived on a topic of `subscribe`. */
  message: readonly [message: Arrival];
};

/** How a message is published. */
export interface PublishOptions {
  readonly qos?: 0 | 1 | 2;
  /** The broker keeps it for those who subscribe later. */
  readonly retain?: boolean;
}

/** What a client is made of. */
export interface ClientParts {
  readonly settings: Settings;
  readonly formatters: Formatters;
  readonly open: Open;
  /** Sees every action before anyone else does; true when it is for nobody else. */
  readonly watch?: (action: Opened) => boolean;
}
