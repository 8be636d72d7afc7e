/** Makes the function of an element from its row of the table. */
import type { Content, Renderer } from '@n2o/shared';
import { render } from '../render.ts';
import type { AttributeName, Global } from './attributes.ts';
import type { Common, Known, OptionsOf, Posting, Row, Updating } from './options.ts';
import { printAttribute, printField, printTag } from './print.ts';
import type { Tagged } from './tag.ts';
import { identify, wireElement } from './wiring.ts';

/** N2O's usual attributes in its order. */
const USUAL =
  'accesskey class contenteditable contextmenu dir draggable dropzone hidden id lang spellcheck style tabindex title translate'.split(
    ' ',
  ) as AttributeName[];

const GLOBAL: readonly (keyof Global)[] = [...(USUAL as (keyof Global)[]), 'role', 'bind'];

/** What any element may have been given. */
export type Given = Common &
  Posting &
  Updating & { readonly body?: Content } & Readonly<Record<string, unknown>>;

/** An element while it is shown. */
export interface Shown {
  readonly id: string | undefined;
  readonly given: Given;
  readonly renderer: Renderer;
  /** Printed, each with the space before it. */
  readonly attributes: string;
}

/** The function of an element: options in, element out. What is more than a tag around its body prints itself. */
export function define<const R extends Row>(
  row: R & Known<R>,
  print: (shown: Shown) => string = (shown) => printUsual(row, shown),
): (options?: OptionsOf<R>) => Tagged {
  const order = orderOf(row);
  return (options) => {
    const given = (options ?? {}) as Given;
    return { tag: row.tag, render: (renderer) => show(row, order, given, renderer, print) };
  };
}

function show(
  row: Row,
  order: readonly AttributeName[],
  given: Given,
  renderer: Renderer,
  print: (shown: Shown) => string,
): string {
  if (given.showIf === false) return '';
  const id = identify(row, given, renderer);
  wireElement(row, id, given, renderer);
  return print({ id, given, renderer, attributes: printAttributes(row, order, id, given) });
}

function printUsual(row: Row, { given, renderer, attributes }: Shown): string {
  return printTag(row.tag, attributes, row.void ? undefined : render(given.body, renderer));
}

/** Names in the order in which they are printed: N2O's first, then those that it leaves out. */
function orderOf(row: Row): readonly AttributeName[] {
  const names = row.names.split(' ') as AttributeName[];
  const own = names.includes('id') ? names : [...USUAL, ...names];
  return [...own, ...GLOBAL.filter((name) => !own.includes(name))];
}

/** All attributes of an element, each with the space before it. */
function printAttributes(
  row: Row,
  order: readonly AttributeName[],
  id: string | undefined,
  given: Given,
): string {
  let text = '';
  for (const name of order) {
    const value = name === 'id' ? id : (row.fixed?.[name] ?? given[name] ?? row.defaults?.[name]);
    text += printAttribute(name, value);
  }
  return text + printFields(given);
}

/** The attributes whose names are the application's own. */
export function printFields({ dataFields, ariaStates }: Common): string {
  let text = '';
  for (const [name, value] of Object.entries({ ...dataFields, ...ariaStates }))
    text += printField(name, value);
  return text;
}
