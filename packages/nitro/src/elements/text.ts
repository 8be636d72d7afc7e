/** Elements of text and lists: N2O prints them all alike. */
import { plain, plainVoid } from './plain.ts';

export const author = plain('author');
export const caption = plain('caption');
export const code = plain('code');
export const datalist = plain('datalist');
export const dd = plain('dd');
export const div = plain('div');
export const dl = plain('dl');
export const dt = plain('dt');
export const figcaption = plain('figcaption');
export const figure = plain('figure');
export const legend = plain('legend');
export const mark = plain('mark');
export const message = plain('message');
export const ol = plain('ol');
export const p = plain('p');
export const panel = plain('div');
export const pre = plain('pre');
export const span = plain('span');
export const summary = plain('summary');
export const tbody = plain('tbody');
export const template = plain('template');
export const tfoot = plain('tfoot');
export const thead = plain('thead');
export const ul = plain('ul');
export const br = plainVoid('br');
export const hr = plainVoid('hr');
