/** An element that is one HTML tag. */
import type { Content, Element } from '@n2o/shared';

/** Known by its tag to what inserts it. */
export interface Tagged extends Element {
  /** Name of the outermost tag of its HTML. */
  readonly tag: string;
}

/** Whether a content is exactly one tag. */
export function isSingle(content: Content): content is Tagged {
  return typeof content === 'object' && content !== null && 'tag' in content;
}
