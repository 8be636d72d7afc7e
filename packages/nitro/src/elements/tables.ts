/** Tables and their rows. */
import type { Content, Renderer } from '@n2o/shared';
import { render } from '../render.ts';
import { define } from './define.ts';
import type { OptionsOf, Row } from './options.ts';
import { printTag } from './print.ts';
import { isSingle, type Tagged } from './tag.ts';

const TABLE = { tag: 'table', names: 'id class style border' } as const satisfies Row;

/** A table: its parts, each wrapped in its tag where it is not that tag already, around rows. */
export const table: (
  options?: OptionsOf<typeof TABLE> & {
    readonly caption?: Content;
    readonly colgroup?: Content;
    readonly header?: Content;
    readonly footer?: Content;
  },
) => Tagged = define(TABLE, ({ given, renderer, attributes }) => {
  const part = (tag: string, name: string) => wrapped(tag, given[name] as Content, renderer);
  const parts = [
    part('caption', 'caption'),
    part('colgroup', 'colgroup'),
    part('thead', 'header'),
    part('tfoot', 'footer'),
    bodies(given.body, renderer),
  ];
  return printTag('table', attributes, parts.join(''));
});

function wrapped(tag: string, content: Content, renderer: Renderer): string {
  const text = render(content, renderer);
  return text === '' || isTag(tag, content) ? text : printTag(tag, '', text);
}

/** Rows in one `tbody`; where the application has made its own, they stay as they are. */
function bodies(content: Content, renderer: Renderer): string {
  const parts = [content].flat(8) as readonly Content[];
  const own = parts.some((part) => isTag('tbody', part));
  const text = render(content, renderer);
  return own ? text : printTag('tbody', '', text);
}

function isTag(tag: string, content: Content): boolean {
  return isSingle(content) && content.tag === tag;
}

const TR = {
  tag: 'tr',
  names: 'id onclick class onmouseover onmouseout style',
  event: 'click',
  identified: true,
} as const satisfies Row;

const row = define(TR);

type RowOptions = Omit<OptionsOf<typeof TR>, 'body'>;

/** A row; one with a postback shows that it can be clicked. */
export function tr(options: RowOptions & { readonly cells?: Content } = {}): Tagged {
  const { cells, style = [], ...others } = options;
  const cursor = options.postback === undefined ? [] : ['cursor:pointer;'];
  return row({ ...others, body: cells, style: [style, cursor].flat(2) });
}

/** The same with its cells as body. */
export function trOf({ body, ...options }: RowOptions & { readonly body?: Content } = {}): Tagged {
  return tr({ ...options, cells: body });
}
