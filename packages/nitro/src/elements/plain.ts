/** Elements without attributes of their own. */
import { N2OError } from '@n2o/shared';
import { define } from './define.ts';
import type { OptionsOf, Row } from './options.ts';
import type { Tagged } from './tag.ts';

const NAMES =
  'id bind class style title accesskey contenteditable contextmenu dir draggable dropzone hidden lang onclick spellcheck translate tabindex onmouseout onmouseover onmousemove role';

const TAG = /^[A-Za-z][\w.-]*$/;

export interface PlainRow extends Row {
  readonly tag: string;
  readonly names: typeof NAMES;
}

/** What such an element takes. */
export type PlainOptions = OptionsOf<PlainRow> & {
  /** Another tag in place of its own, e.g. of a custom element. @throws N2O_PAGE_NAME */
  readonly htmlTag?: string | undefined;
};

/** The function of such an element. */
export function plain(tag: string): (options?: PlainOptions) => Tagged {
  const own = define({ tag, names: NAMES });
  return (options) => {
    const htmlTag = options?.htmlTag;
    return htmlTag === undefined ? own(options) : custom(htmlTag)(options);
  };
}

/** The same of one that can have nothing in it. */
export function plainVoid(
  tag: string,
): (options?: OptionsOf<PlainRow & { readonly void: true }>) => Tagged {
  return define({ tag, names: NAMES, void: true });
}

/** An element of any tag. @throws N2O_PAGE_NAME */
export function custom(tag: string): (options?: OptionsOf<PlainRow>) => Tagged {
  if (!TAG.test(tag)) throw new N2OError('N2O_PAGE_NAME', `there is no tag "${tag}"`);
  return define({ tag, names: NAMES });
}
