/** Elements of a document's head. */
import { define } from './define.ts';

export const base = define({ tag: 'base', names: 'href target', void: true });
export const meta = define({
  tag: 'meta',
  names: 'charset content httpEquiv name type',
  void: true,
});
export const metaLink = define({
  tag: 'link',
  names: 'href hreflang media rel sizes type',
  void: true,
});
