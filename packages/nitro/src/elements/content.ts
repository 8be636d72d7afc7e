/** Elements of text with attributes of their own. */
import { define } from './define.ts';

export const blockquote = define({ tag: 'blockquote', names: 'id class style cite' });
export const del = define({ tag: 'del', names: 'cite datetime' });
export const ins = define({ tag: 'ins', names: 'cite datetime' });
export const li = define({ tag: 'li', names: 'class id style value' });
export const details = define({ tag: 'details', names: 'open' });
export const menu = define({ tag: 'menu', names: 'label type' });
export const command = define({
  tag: 'command',
  names: 'disabled icon label radiogroup type checked',
  void: true,
});
export const col = define({ tag: 'col', names: 'span', void: true });
export const colgroup = define({ tag: 'colgroup', names: 'span' });
export const td = define({
  tag: 'td',
  names: 'id class style onclick rowspan bgcolor colspan scope headers',
  defaults: { rowspan: 1, colspan: 1 },
});
export const th = define({
  tag: 'th',
  names: 'id class style rowspan colspan scope headers',
  defaults: { rowspan: 1, colspan: 1 },
});
