/** Elements that offer a choice: lists to select from. */
import { render } from '../render.ts';
import { escapeHtml } from '../text/html.ts';
import { define } from './define.ts';
import type { OptionsOf, Row, Updating } from './options.ts';
import { printAttribute, printTag } from './print.ts';
import type { Tagged } from './tag.ts';
import { wireUpdate } from './update.ts';

const SELECT = {
  tag: 'select',
  names: 'id class style title name onchange required disabled multiple autofocus form size',
  event: 'change',
  self: true,
  identified: true,
} as const satisfies Row;

/** A list to select from; its own value goes along with its postback. */
export const select: (options?: OptionsOf<typeof SELECT> & Updating) => Tagged = define(
  SELECT,
  (shown) => {
    wireUpdate(shown, 'change', true);
    return printTag('select', shown.attributes, render(shown.given.body, shown.renderer));
  },
);

export const optgroup = define({ tag: 'optgroup', names: 'disabled label id' });

const OPTION = { tag: 'option', names: 'id label' } as const satisfies Row;

/** One of a list to select from. */
export const option: (
  options?: OptionsOf<typeof OPTION> & {
    readonly selected?: boolean | undefined;
    readonly disabled?: boolean | undefined;
    readonly value?: string | number | undefined;
  },
) => Tagged = define(OPTION, ({ given, renderer, attributes }) => {
  const { selected, disabled, value } = given;
  const flags = `${selected === true ? ' selected' : ''}${disabled === true ? ' disabled' : ''}`;
  const body = render(given.body, renderer);
  const all = `${attributes}${flags}${printAttribute('value', value)}`;
  return printTag('option', all, body === '' ? undefined : body);
});

/** One of a `dropdown`. */
export interface Choice {
  readonly label: string;
  readonly value: string | number;
  readonly selected?: boolean;
  readonly disabled?: boolean;
  readonly showIf?: boolean;
}

const DROPDOWN = {
  tag: 'select',
  names: 'id class style name disabled multiple',
  event: 'change',
} as const satisfies Row;

/** A list to select from, given as data. */
export const dropdown: (
  options?: OptionsOf<typeof DROPDOWN> & { readonly options?: readonly Choice[] },
) => Tagged = define(DROPDOWN, ({ given, attributes }) => {
  const choices = (given.options ?? []) as readonly Choice[];
  const visible = choices.filter(({ showIf }) => showIf !== false);
  return printTag('select', attributes, visible.map(printChoice).join(''));
});

function printChoice({ label, value, selected, disabled }: Choice): string {
  const attributes = [
    printAttribute('disabled', disabled),
    printAttribute('label', label),
    printAttribute('selected', selected),
    printAttribute('value', value),
  ];
  return printTag('option', attributes.join(''), escapeHtml(label));
}
