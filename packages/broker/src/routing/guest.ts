/** Clients that do not speak MQTT: who waits for an event of theirs, and where their actions go. */
import type { Outcome } from '@n2o/shared';
import type { ClientLoad } from './load.ts';

/** Waits for the outcome of an event. */
export interface Asker {
  /** Called once per event, in the order of the events of one client. `bytes` as the link gave them. */
  answered(outcome: Outcome, bytes: Uint8Array | undefined): void;
}

/** A client that is there without a session of MQTT. */
export interface Guest {
  readonly load: ClientLoad;
  /** Takes an action that it has not asked for. */
  act(action: Uint8Array): void;
}

/** The guests of a broker by their client ids. */
export type Guests = ReadonlyMap<string, Guest>;
