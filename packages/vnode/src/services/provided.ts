/** What one loading of the application's code has of the services of its worker. */
import type { Services } from '@n2o/shared';

export interface Provided {
  readonly services: Services;
  /** Ends what runs by itself: timers and processes. */
  close(): Promise<void>;
}
