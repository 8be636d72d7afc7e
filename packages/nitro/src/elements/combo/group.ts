/** Values that a user puts together in groups, with the page's script comboLookup.js. */
import type { Content, Element } from '@n2o/shared';
import { escapeScript } from '../../text/script.ts';
import { button } from '../forms.ts';
import { panel } from '../text.ts';
import { bound } from './bind.ts';
import { type Combined, type Item, itemOf, part } from './item.ts';

const TAKE = 'this.parentNode.remove();';

/** A group that is being put together, or one that has been. */
export type GroupKind = 'draft' | 'saved';

export interface GroupItemOptions extends Combined {
  readonly value?: Content;
  readonly bind?: unknown;
  readonly group?: GroupKind | undefined;
}

export function comboLookupGroupItem(options: GroupItemOptions = {}): Element {
  const { value, bind, group, showIf } = options;
  return panel({
    showIf,
    class: 'group-list__item',
    dataFields: {
      'data-group-item': 'data-group-item',
      'data-bind': bind === undefined ? undefined : bound(bind),
    },
    body: [
      panel({ class: 'group-list__item-content', body: value }),
      group === 'draft' ? control('delete', TAKE) : null,
    ],
  });
}

export interface GroupListOptions extends Combined {
  readonly values?: readonly Item[] | undefined;
  readonly subtitle?: string | undefined;
  readonly group?: GroupKind | undefined;
  readonly delegate?: string | undefined;
}

export function comboLookupGroupList(options: GroupListOptions = {}): Element {
  const { id, values = [], subtitle = '', group, delegate = '', disabled, showIf } = options;
  const draft = group === 'draft';
  const named = [id ?? '', group ?? '', subtitle, delegate].map((one) => `'${escapeScript(one)}'`);
  const click = `comboLookupGroupDraft(${named.join(', ')});`;
  const controls = draft
    ? [panel({ class: 'group-list__label', body: subtitle }), control('confirm', click)]
    : [control('edit', click), control('delete', TAKE)];
  return panel({
    showIf: draft && disabled ? false : showIf,
    id,
    class: draft ? 'group-list__draft' : 'group-list__saved',
    dataFields: { 'data-group-list': group, ...(draft || disabled ? {} : DRAGGED) },
    body: [
      disabled ? null : controls,
      values.map((item) => comboLookupGroupItem({ ...itemOf(item), group })),
    ],
  });
}

const DRAGGED = {
  draggable: 'true',
  ondragstart: 'groupListDrag(event)',
  ondrop: 'groupListDrop(event)',
  ondragover: 'groupListAllowDrop(event)',
};

export interface GroupOptions extends Combined {
  /** What a value is typed in. */
  readonly input?: Content;
  /** The values of each group. */
  readonly values?: readonly (readonly Item[])[] | undefined;
  readonly subtitle?: string | undefined;
  readonly delegate?: string | undefined;
  readonly validation?: string | undefined;
}

export function comboLookupGroup(options: GroupOptions = {}): Element {
  const { id, input, values = [], subtitle, delegate, disabled, validation, showIf } = options;
  const saved = values.map((group, at) => ({ id: part(id, `${at + 1}`), values: group }));
  const list = { disabled, subtitle, delegate };
  return panel({
    showIf,
    id,
    validation,
    dataFields: { 'data-group-input': 'data-group-input' },
    body: [
      disabled ? null : input,
      comboLookupGroupList({ ...list, id: part(id, 'draft'), group: 'draft' }),
      saved.map((one) => comboLookupGroupList({ ...list, ...one, group: 'saved' })),
    ],
  });
}

function control(name: 'confirm' | 'delete' | 'edit', onclick: string): Element {
  return button({ class: ['button', `group-button__${name}`], onclick });
}
