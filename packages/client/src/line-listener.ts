/** What a line tells of its connections. */
import type { N2OError } from '@n2o/shared';
import type { Arrival } from './arrivals.ts';

export interface LineListener {
  /**
   * There is a new connection, and nothing was sent on it or arrived yet.
   *
   * @param isResumed the broker had kept the session
   */
  opened(isResumed: boolean): void;
  /** All that had to be sent again was. */
  connected(): void;
  disconnected(error: N2OError): void;
  /** An attempt to reconnect failed; the next one follows. */
  failed(error: N2OError): void;
  arrived(arrival: Arrival): void;
}
