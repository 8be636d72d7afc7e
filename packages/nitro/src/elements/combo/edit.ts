/** Fields that open a form, or a longer text, beside them. */
import type { Content, Element } from '@n2o/shared';
import { option, select } from '../choices.ts';
import { panel } from '../text.ts';
import { ACROSS, type Combined, type Item, part } from './item.ts';
import { comboLookup } from './lookup.ts';
import { sortableList } from './sortable.ts';

export interface EditOptions extends Combined {
  readonly input?: Content;
  /** Id of the input. */
  readonly inputId?: string | undefined;
  /** What opens beside it. */
  readonly form?: Content;
  readonly values?: readonly Item[] | undefined;
  /** Whether it collects several values. */
  readonly multiple?: boolean | undefined;
  readonly validation?: string | undefined;
}

export function comboLookupEdit(options: EditOptions = {}): Element {
  const { id, input, inputId, form, values, multiple, disabled, validation, showIf } = options;
  const opened = panel({
    id: part(inputId, 'form'),
    class: ['dropdown-content', 'dropdown-content-form'],
    body: panel({ class: 'dropdown-item', body: form }),
  });
  return panel({
    showIf,
    id,
    validation,
    dataFields: { 'data-edit-input': 'data-edit-input', multiple },
    body: [
      panel({
        style: 'display: flex; position: relative; width: 100%; justify-content: center;',
        body: [input, disabled ? null : opened],
      }),
      multiple ? sortableList({ id: part(id, 'list'), values, closeable: true, disabled }) : null,
    ],
  });
}

export interface TextOptions extends Combined {
  readonly input?: Content;
  readonly textarea?: Content;
  readonly validation?: string | undefined;
}

export function comboLookupText(options: TextOptions = {}): Element {
  const { id = '', input, textarea, disabled, validation, showIf } = options;
  return panel({
    showIf,
    id: `wrap_${id}_comboLookupText`,
    validation,
    dataFields: { 'data-text-input': 'data-text-input' },
    body: [
      panel({ id: `wrap_${id}_lookup`, style: ACROSS, body: disabled ? null : input }),
      panel({ id: `wrap_${id}_textarea`, style: ACROSS, body: textarea }),
    ],
  });
}

/** A region and what is looked up in it. */
export function koatuu(options: {
  readonly id?: string;
  readonly postback?: unknown;
  readonly regions?: readonly string[];
  readonly showIf?: boolean;
}): Element {
  const { id = '', postback, regions = [], showIf } = options;
  const choices = regions.map((name, at) =>
    option({ value: name, body: name, selected: at === 0 }),
  );
  return panel({
    showIf,
    id: `koatuu_${id}`,
    body: [select({ id: `koatuu_select_${id}`, postback, body: choices }), comboLookup()],
  });
}
