/** Elements that order a page: N2O prints them all alike. */
import { plain } from './plain.ts';

export const address = plain('address');
export const article = plain('article');
export const aside = plain('aside');
export const body = plain('body');
export const footer = plain('footer');
export const h1 = plain('h1');
export const h2 = plain('h2');
export const h3 = plain('h3');
export const h4 = plain('h4');
export const h5 = plain('h5');
export const h6 = plain('h6');
export const head = plain('head');
export const header = plain('header');
export const hgroup = plain('hgroup');
export const main = plain('main');
export const nav = plain('nav');
export const noscript = plain('noscript');
export const section = plain('section');
export const title = plain('title');
