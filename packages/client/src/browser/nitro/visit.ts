/** Leaves the page for another one, and never for code in an address. */
import { N2OError } from '@n2o/shared';

/** @throws N2OError `N2O_PAGE_INSTRUCTION` for an address that is no page */
export function go(url: string): void {
  const { href, protocol } = new URL(url, document.baseURI);
  if (!/^(https?|mailto|tel):$/.test(protocol)) {
    throw new N2OError('N2O_PAGE_INSTRUCTION', `"${protocol}" is no address of a page`);
  }
  window.location.assign(href);
}
