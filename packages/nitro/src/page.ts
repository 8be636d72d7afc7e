/** The page of a client, as server code changes it. */
import { N2OError, type Page, type Postback } from '@n2o/shared';

export interface PageOptions {
  /** The module that the page belongs to. */
  readonly module: string;
  /** Text that brings a postback back. */
  readonly pickle: (postback: Postback) => string;
}

/** Makes a page of which nothing is known yet. */
export function createPage(_options: PageOptions): Page {
  throw new N2OError('N2O_SERVICE_MISSING');
}
