/** What can be said of one message to a module. */
import type { Format } from '@n2o/shared';

/** How one request is sent; by default as the client's options say. */
export interface RequestOptions {
  /** Milliseconds that the call waits for its reply; `Infinity` for as long as it takes. */
  readonly timeout?: number;
  readonly qos?: 0 | 1 | 2;
  readonly format?: Format;
}

/** How one message is sent. */
export interface CallOptions extends RequestOptions {
  /**
   * Makes it one and the same message however often it is sent, also by another client of this id:
   * while the server remembers the key, it has one effect, and each time the reply of the first.
   * For an object or a map, in JSON or BERT. Requests of `rpc` have their id.
   */
  readonly key?: string | number;
}
