/** N2O's NITRO: pages as functions. */
export { createPage, type PageOptions } from './page.ts';
