/** A list of records of which one field is looked up, with the page's script comboLookup.js. */
import type { Content, Element } from '@n2o/shared';
import { panel } from '../text.ts';
import { bound } from './bind.ts';
import { type Combined, type Item, itemOf, part } from './item.ts';
import { comboLookup } from './lookup.ts';

/** How the field is looked up. */
interface Modified extends Combined {
  /** Where the field is in the record. */
  readonly pos?: number | undefined;
  readonly feed?: string | undefined;
  /** The module that looks. */
  readonly delegate?: string | undefined;
  /** The field's value where it has none. */
  readonly default?: unknown;
}

export interface ModifyItemOptions extends Modified {
  readonly value?: Content;
  /** The record. */
  readonly bind?: unknown;
  /** The field of the record; by default the default. */
  readonly selected?: unknown;
  /** The field as text. */
  readonly selectedValue?: string | undefined;
}

/** One record; its id names it within its list. */
export function comboLookupModifyItem(options: ModifyItemOptions = {}): Element {
  const { id, value, bind, feed, delegate, disabled, showIf } = options;
  const close = panel({ class: 'modify_item-close', onclick: 'this.parentNode.remove();' });
  const field = comboLookup({
    id: part(id, 'input'),
    feed,
    delegate,
    value: options.selectedValue,
    bind: options.selected ?? options.default,
    nested: id,
    disabled,
  });
  return panel({
    showIf,
    id,
    class: 'modify_item',
    dataFields: { 'data-bind': bound(bind) },
    body: [panel({ class: 'modify_item-title', body: value }), disabled ? null : close, field],
  });
}

export interface ModifyOptions extends Modified {
  /** What a record is looked up in. */
  readonly input?: Content;
  readonly values?: readonly Item[] | undefined;
  readonly validation?: string | undefined;
}

export function comboLookupModify(options: ModifyOptions = {}): Element {
  const { id, input, values = [], pos, feed, delegate, disabled, validation, showIf } = options;
  const list = part(id, 'list');
  const shared = { pos, feed, delegate, disabled, default: options.default };
  return panel({
    showIf,
    id,
    validation,
    dataFields: { 'data-modify-input': 'data-modify-input' },
    body: [
      disabled ? null : input,
      panel({
        id: list,
        dataFields: {
          'data-modify-list': 'data-modify-list',
          'data-pos': bound(pos),
          'data-feed': bound(feed),
          'data-delegate': bound(delegate),
          'data-default': bound(options.default),
        },
        body: values.map((item, at) =>
          comboLookupModifyItem({ ...shared, ...itemOf(item), id: part(list, `${at + 1}`) }),
        ),
      }),
    ],
  });
}
