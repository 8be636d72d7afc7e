/** Inputs: what a user types, picks or presses. */
import { bound } from './combo/bind.ts';
import { define } from './define.ts';
import type { OptionsOf, Row } from './options.ts';
import type { Tagged } from './tag.ts';

export const textbox = define({
  tag: 'input',
  names:
    'id type maxlength style name placeholder value disabled autofocus readonly required class autocomplete dirname form list pattern size',
  fixed: { type: 'text' },
  void: true,
});
const INPUT = {
  tag: 'input',
  names:
    'autocomplete autofocus disabled name type accept max checked placeholder min multiple pattern value bind onkeypress onkeyup onkeydown onclick required onchange form',
  event: 'click',
  void: true,
} as const satisfies Row;

const anyInput = define(INPUT);

/** An input of any type. */
export function input(
  options: Omit<OptionsOf<typeof INPUT>, 'bind'> & {
    /** What the value stands for; printed as BERT, as `data-bind`. */
    readonly bind?: unknown;
  } = {},
): Tagged {
  const { bind, ...others } = options;
  return anyInput({ ...others, bind: bind === undefined ? undefined : bound(bind) });
}

export const inputButton = define({
  tag: 'input',
  names: 'autofocus disabled name type value form',
  fixed: { type: 'button' },
  event: 'click',
  void: true,
});
export const color = define({
  tag: 'input',
  names: 'autocomplete autofocus disabled form list name type value',
  fixed: { type: 'color' },
  event: 'click',
  void: true,
});
export const date = define({
  tag: 'input',
  names: 'autocomplete autofocus disabled form list max min name readonly required step type value',
  fixed: { type: 'date' },
  event: 'click',
  void: true,
});
export const datetime = define({
  tag: 'input',
  names: 'autocomplete autofocus disabled form list max min name readonly required step type value',
  fixed: { type: 'datetime' },
  event: 'click',
  void: true,
});
export const datetimeLocal = define({
  tag: 'input',
  names: 'autocomplete autofocus disabled form list max min name readonly required step type value',
  fixed: { type: 'datetime-local' },
  event: 'click',
  void: true,
});
export const email = define({
  tag: 'input',
  names:
    'autocomplete autofocus disabled form list maxlength multiple name pattern placeholder readonly required size type value',
  fixed: { type: 'email' },
  event: 'click',
  void: true,
});
export const file = define({
  tag: 'input',
  names: 'accept autofocus disabled form multiple name required type',
  fixed: { type: 'file' },
  event: 'click',
  void: true,
});
export const inputImage = define({
  tag: 'input',
  names:
    'alt autofocus disabled form formaction formenctype formmethod formnovalue formtarget height name src type width',
  fixed: { type: 'image' },
  event: 'click',
  void: true,
});
export const inputTime = define({
  tag: 'input',
  names: 'autocomplete autofocus disabled form list max min name readonly required step type value',
  fixed: { type: 'time' },
  event: 'click',
  void: true,
});
export const month = define({
  tag: 'input',
  names:
    'alt autofocus disabled form max min name readonly required step type value autocomplete list',
  fixed: { type: 'month' },
  event: 'click',
  void: true,
});
export const number = define({
  tag: 'input',
  names:
    'autocomplete autofocus disabled form list max min name placeholder readonly required step type value',
  fixed: { type: 'number' },
  event: 'click',
  void: true,
});
export const password = define({
  tag: 'input',
  names:
    'autocomplete autofocus disabled form maxlength name pattern placeholder readonly required size type value',
  fixed: { type: 'password' },
  event: 'click',
  void: true,
});
export const range = define({
  tag: 'input',
  names: 'autocomplete autofocus disabled form list max min name step type value',
  fixed: { type: 'range' },
  defaults: { max: 100, min: 0, step: 1 },
  event: 'click',
  void: true,
});
export const reset = define({
  tag: 'input',
  names: 'autofocus disabled form name type value',
  fixed: { type: 'reset' },
  event: 'click',
  void: true,
});
export const search = define({
  tag: 'input',
  names:
    'autocomplete autofocus dirname disabled form list maxlength name pattern placeholder readonly required size type value',
  fixed: { type: 'search' },
  event: 'click',
  void: true,
});
export const tel = define({
  tag: 'input',
  names:
    'autocomplete autofocus disabled form list maxlength name pattern placeholder readonly required size type value',
  fixed: { type: 'tel' },
  event: 'click',
  void: true,
});
export const url = define({
  tag: 'input',
  names:
    'autocomplete autofocus disabled form list maxlength name pattern placeholder readonly required size type value',
  fixed: { type: 'url' },
  event: 'click',
  void: true,
});
export const week = define({
  tag: 'input',
  names: 'autocomplete autofocus disabled form list max min name readonly required step type value',
  fixed: { type: 'week' },
  event: 'click',
  void: true,
});

const HIDDEN = {
  tag: 'input',
  names: 'disabled form name type value',
  fixed: { type: 'hidden' },
  void: true,
} as const satisfies Row;

const unseen = define(HIDDEN);

/** A value that goes along unseen. */
export function hidden(
  options: OptionsOf<typeof HIDDEN> & {
    /** The same as `name`. */
    readonly htmlName?: string | undefined;
  } = {},
): Tagged {
  return unseen({ ...options, name: options.name ?? options.htmlName });
}
