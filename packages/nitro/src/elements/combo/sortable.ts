/** Lists whose items can be moved and taken away, with the page's script sortable.js. */
import type { Action, Content, Element } from '@n2o/shared';
import { escapeScript } from '../../text/script.ts';
import { link } from '../links.ts';
import { panel } from '../text.ts';
import { bound } from './bind.ts';
import { ACROSS, type Combined, type Item, itemOf, part } from './item.ts';

export interface SortableItemOptions extends Combined {
  readonly listId?: string | undefined;
  readonly value?: Content;
  readonly bind?: unknown;
  readonly closeable?: boolean | undefined;
}

export function sortableItem(options: SortableItemOptions = {}): Element {
  const { listId = '', value, bind, closeable, disabled, showIf } = options;
  const take = `removeSortableItem('#${escapeScript(listId)}', this.parentNode);`;
  return panel({
    showIf,
    class: 'list__item',
    dataFields: {
      'data-sortable-item': 'data-sortable-item',
      'data-bind': bind === undefined ? undefined : bound(bind),
    },
    body: [
      closeable ? panel({ class: 'list__item-close', onclick: take }) : null,
      panel({
        class: 'list__item-content',
        style: closeable ? undefined : 'width:100% - 40px',
        dataFields: { 'list-item-content': 'list-item-content' },
        body: panel({ class: 'list__item-title', body: value }),
      }),
      disabled
        ? null
        : panel({
            class: 'list__item-handle',
            dataFields: { 'data-sortable-handle': 'data-sortable-handle' },
          }),
    ],
  });
}

export interface SortableOptions extends Combined {
  readonly values?: readonly Item[] | undefined;
  readonly closeable?: boolean | undefined;
}

export function sortableList(options: SortableOptions = {}): Element {
  const { id = '', values = [], disabled, showIf } = options;
  const closeable = disabled ? false : options.closeable;
  const items = values.map(itemOf);
  return panel({
    showIf,
    id,
    actions: movable(id),
    dataFields: { 'data-sortable-list': 'data-sortable-list' },
    body: items.map((item) => sortableItem({ ...item, listId: id, closeable, disabled })),
  });
}

/** Has the page's script make the list one whose items can be moved. */
function movable(id: string): Action {
  const code = `createSortable('#${escapeScript(id)}');`;
  return { script: () => code, instructions: () => [['call', 'createSortable', `#${id}`]] };
}

export interface VectorOptions extends Combined {
  /** What a value is typed in. */
  readonly input?: Content;
  readonly values?: readonly Item[] | undefined;
  readonly validation?: string | undefined;
}

/** An input above the list of what it has collected. */
export function comboLookupVec(options: VectorOptions = {}): Element {
  return vector(options, options.input);
}

/** The same with a button that adds what is typed. */
export function multipleInput(
  options: VectorOptions & {
    /** Id of the input. */
    readonly inputId?: string | undefined;
  } = {},
): Element {
  const list = escapeScript(part(options.id, 'list'));
  const add = link({
    class: ['button', 'sgreen', 'add-btn'],
    style: 'min-width: 40px; text-align: center; height: fit-content; margin-left: 5px;',
    onclick: `addSortableItemFrom('#${list}', '${escapeScript(options.inputId ?? '')}')`,
    body: '+',
  });
  return vector(options, [options.input, add], 'multi-input');
}

function vector(options: VectorOptions, typed: Content, name?: string): Element {
  const { id, disabled, values, validation, showIf } = options;
  return panel({
    showIf,
    id,
    validation,
    dataFields: { 'data-vector-input': 'data-vector-input' },
    body: [
      panel({ class: name, style: ACROSS, body: disabled ? null : typed }),
      sortableList({ id: part(id, 'list'), values, closeable: true, disabled }),
    ],
  });
}
