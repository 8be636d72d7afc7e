/** Elements of forms that are no inputs. */
import { render } from '../render.ts';
import { define } from './define.ts';
import type { OptionsOf, Row } from './options.ts';
import { printTag } from './print.ts';
import type { Tagged } from './tag.ts';

export const button = define({
  tag: 'button',
  names:
    'id type name class style onchange onclick disabled value autofocus form formaction formenctype formmethod formtarget formnovalidate',
  defaults: { type: 'button' },
  event: 'click',
});
export const form = define({
  tag: 'form',
  names: 'acceptCharset action autocomplete enctype method name novalidate target',
  defaults: { method: 'get' },
  event: 'submit',
  identified: true,
});
export const keygen = define({
  tag: 'keygen',
  names: 'autofocus challenge disabled form keytype name',
  fixed: { keytype: 'rsa' },
  event: 'click',
  void: true,
});
export const label = define({
  tag: 'label',
  names: 'id class style for onclick form',
});
export const meter = define({
  tag: 'meter',
  names: 'high low max min optimum value',
});
export const output = define({ tag: 'output', names: 'for form name' });
export const progress = define({ tag: 'progress', names: 'max value' });

const TEXTAREA = {
  tag: 'textarea',
  names:
    'autofocus cols dirname disabled form maxlength name placeholder readonly required rows value wrap',
} as const satisfies Row;

export const textarea: (options?: OptionsOf<typeof TEXTAREA>) => Tagged = define(
  TEXTAREA,
  ({ given, renderer, attributes }) => {
    const text = render(given.body, renderer);
    // A browser drops a line end that comes first.
    return printTag('textarea', attributes, text.startsWith('\n') ? `\n${text}` : text);
  },
);
