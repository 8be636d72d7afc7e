/** What the services of an application are built on, in whatever thread it runs. */
import type { Bus, Store } from '@n2o/shared';

export interface Resources {
  /** Where services keep what is to outlive a process, and what other workers shall see. */
  readonly store: Store;
  /** How server code speaks to clients and topics. */
  readonly bus: Bus;
}
