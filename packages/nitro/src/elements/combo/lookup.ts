/** A field that looks up what is typed in a feed of the server, with the page's script comboLookup.js. */
import type { Element } from '@n2o/shared';
import { escapeScript } from '../../text/script.ts';
import type { Words } from '../attributes.ts';
import { input } from '../inputs.ts';
import { link } from '../links.ts';
import { panel } from '../text.ts';
import { bound } from './bind.ts';
import type { Combined } from './item.ts';

export interface LookupOptions extends Combined {
  readonly class?: Words | undefined;
  readonly style?: Words | undefined;
  readonly value?: string | number | undefined;
  readonly validation?: string | undefined;
  /** What the value stands for. */
  readonly bind?: unknown;
  /** Where the server looks. */
  readonly feed?: string | undefined;
  /** The module that looks. */
  readonly delegate?: string | undefined;
  /** Id of the element that this one is in. */
  readonly nested?: string | undefined;
  /** Goes along when a value has been chosen. */
  readonly update?: unknown;
}

export function comboLookup(options: LookupOptions = {}): Element {
  return {
    render(renderer) {
      if (options.showIf === false) return '';
      return lookup(options, renderer.newId()).render(renderer);
    },
  };
}

function lookup(options: LookupOptions, unique: string): Element {
  const { id = '', feed = '', delegate = '', disabled } = options;
  const call = (name: string, ...args: readonly string[]) =>
    `${name}(${args.map((arg) => `'${escapeScript(arg)}'`).join(',')})`;
  const at = [unique, id, feed, delegate];
  const field = input({
    id: options.id,
    validation: options.validation,
    class: 'column',
    style: options.style,
    disabled,
    type: 'comboLookup',
    autocomplete: 'off',
    value: options.value,
    bind: options.bind,
    onkeyup: call('comboLookupKeyup', ...at),
    onkeydown: call('comboLookupKeydown', ...at),
    onchange: call('comboLookupChange', id),
    dataFields: {
      nested: options.nested,
      'data-update': options.update === undefined ? undefined : bound(options.update),
    },
  });
  const open = disabled ? undefined : call('comboLookupClick', ...at);
  const clear = link({
    class: ['button', 'sgreen', 'delete-btn'],
    style: 'min-width: 40px; text-align: center; height: fit-content; margin-left: 5px;',
    onclick: call('clearInput', id),
  });
  return panel({
    id: `lookup_${id}`,
    class: ['dropdown', options.class ?? []].flat(),
    body: [
      field,
      panel({ class: 'triangle', onclick: open }),
      panel({ id: `comboContainer_${id}`, class: 'dropdown-content' }),
      disabled ? null : clear,
    ],
  });
}
