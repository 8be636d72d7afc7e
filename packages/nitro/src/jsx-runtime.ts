/** JSX as a second way to write elements: what TypeScript calls for each tag. */
import type { Content, Element } from '@n2o/shared';
import { TAGS, type Tags } from './elements/html-tags.ts';
import type { Common } from './elements/options.ts';
import { custom, type PlainOptions } from './elements/plain.ts';
import { render } from './render.ts';

type Properties = Readonly<Record<string, unknown>> & { readonly children?: Content };

/** A component: options in, content out. */
export type Component<Options> = (options: Options) => Content;

/** What any element takes by the names that it has here; other names of a tag that is not HTML's are attributes. */
const OPTIONS: ReadonlySet<string> = new Set([
  'id',
  'class',
  'style',
  'showIf',
  'actions',
  'validation',
  'ariaStates',
]);

/** Shows its children and nothing around them. */
export function Fragment({ children }: { readonly children?: Content }): Element {
  return { render: (renderer) => render(children, renderer) };
}

/**
 * An element of a tag, or what a component makes of its options. Names with a dash, as `data-x` and
 * `aria-label`, are attributes as they are.
 * @throws N2O_PAGE_NAME
 */
export function jsx(tag: string | Component<never>, properties: object): Element {
  if (typeof tag === 'function') {
    const shown = tag(properties as never);
    return { render: (renderer) => render(shown, renderer) };
  }
  const { children, dataFields, ...given } = properties as Properties;
  const known = Object.hasOwn(TAGS, tag);
  const options: Record<string, unknown> = children === undefined ? {} : { body: children };
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = name.includes('-') || !(known || OPTIONS.has(name));
    (field ? fields : options)[name] = value;
  }
  const build = (known ? TAGS[tag as keyof Tags] : custom(tag)) as (options: object) => Element;
  return build({ ...options, dataFields: { ...fields, ...(dataFields as object | undefined) } });
}

export { jsx as jsxDEV, jsx as jsxs };

type Drawn = 'circle' | 'defs' | 'ellipse' | 'g' | 'line' | 'path' | 'polygon' | 'polyline';
type Drawing = Drawn | 'rect' | 'svg' | 'text' | 'use' | `${string}-${string}`;
type Child = { readonly children?: Content };
type OptionsOfTag<Tag extends keyof Tags> = Exclude<Parameters<Tags[Tag]>[0], string | undefined>;

/** Read by TypeScript: which tags there are, and what each takes. */
export declare namespace JSX {
  type Element = Content;
  interface ElementChildrenAttribute {
    children: unknown;
  }
  type IntrinsicElements = {
    readonly [Tag in keyof Tags]: Omit<OptionsOfTag<Tag>, 'body'> & Child;
  } & {
    readonly [Tag in Drawing]: Pick<PlainOptions, 'id' | 'class' | 'style'> &
      Common &
      Child &
      Readonly<Record<string, unknown>>;
  };
}
