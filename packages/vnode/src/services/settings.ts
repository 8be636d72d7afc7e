/** What a worker makes its services from: plain data, which travels to its thread. */

/** The services that a name in the settings chooses. */
export type ServiceName =
  | 'auth'
  | 'cache'
  | 'files'
  | 'kvs'
  | 'mq'
  | 'pickler'
  | 'processes'
  | 'session'
  | 'timers';

export interface ServiceSettings {
  /** What pickles are sealed with: the first one; those sealed with any other are accepted. At least one. */
  readonly secrets: readonly string[];
  /** Whether N2O's own forms of pickles are accepted too. */
  readonly legacyPickles: boolean;
  /** How long a session lasts, in milliseconds. */
  readonly loginTtl: number;
  /** Whether a session that is used begins its time anew. */
  readonly loginProlong: boolean;
  /** For each service a built-in implementation, or the module of another, named as in an import. */
  readonly names: Readonly<Record<ServiceName, string>>;
}
