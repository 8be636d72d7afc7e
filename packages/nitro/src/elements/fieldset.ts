/** Fields of a form with a legend, and the button that sends it. */
import type { Content } from '@n2o/shared';
import { render } from '../render.ts';
import { define } from './define.ts';
import type { OptionsOf, Row } from './options.ts';
import { printTag } from './print.ts';
import type { Tagged } from './tag.ts';

const FIELDSET = { tag: 'fieldset', names: 'disabled form name' } as const satisfies Row;

export const fieldset: (
  options?: OptionsOf<typeof FIELDSET> & { readonly legend?: Content },
) => Tagged = define(FIELDSET, ({ given, renderer, attributes }) => {
  const legend = render(given.legend as Content, renderer);
  const printed = legend === '' ? '' : printTag('legend', '', legend);
  return printTag('fieldset', attributes, printed + render(given.body, renderer));
});

const SUBMIT = {
  tag: 'input',
  names:
    'id type class style value name autofocus disabled form formaction formenctype formmethod formnovalidate formtarget',
  fixed: { type: 'submit' },
  event: 'click',
  identified: true,
  void: true,
} as const satisfies Row;

const sender = define(SUBMIT);

/** A button that sends its form; its body is the text on it. */
export function submit(
  options: OptionsOf<typeof SUBMIT> & { readonly body?: string | undefined } = {},
): Tagged {
  return sender({ ...options, value: options.body ?? options.value });
}
