/** Boxes to tick and radio buttons. */
import type { Content } from '@n2o/shared';
import { render } from '../render.ts';
import { define } from './define.ts';
import type { OptionsOf, Row, Updating } from './options.ts';
import type { PlainOptions } from './plain.ts';
import { printAttribute, printTag } from './print.ts';
import type { Tagged } from './tag.ts';
import { panel } from './text.ts';
import { wireUpdate } from './update.ts';

const CHECKBOX = {
  tag: 'input',
  names: 'autofocus checked dataToggle disabled form name required type value',
  fixed: { dataToggle: 'checkbox', type: 'checkbox' },
  event: 'change',
  self: true,
  identified: true,
} as const satisfies Row;

/** A box to tick, inside of the label that its body makes. */
export const checkbox: (
  options?: OptionsOf<typeof CHECKBOX> &
    Updating & {
      /** `false` prints the box by itself. */
      readonly label?: boolean | undefined;
    },
) => Tagged = define(CHECKBOX, (shown) => {
  const { id, given, renderer, attributes } = shown;
  wireUpdate(shown, 'change', true);
  const box = printTag('input', attributes, undefined);
  if (given.label === false) return box;
  const label = [
    printAttribute('class', given.class),
    printAttribute('style', given.style),
    printAttribute('for', id),
  ];
  return printTag('label', label.join(''), box + render(given.body, renderer));
});

const RADIO = {
  tag: 'input',
  names: 'checked type disabled id value name class style onclick required autofocus form',
  fixed: { type: 'radio' },
  event: 'change',
  identified: true,
  void: true,
} as const satisfies Row;

const button = define(RADIO);

/** A radio button, which a `radiogroup` gives its name. */
export interface Radio extends Tagged {
  /** The same in a group of this name. */
  named(name: string): Radio;
}

export function radio(options: RadioOptions = {}): Radio {
  const name = options.name ?? options.htmlName;
  return {
    ...button({ ...options, name }),
    named: (group) => radio({ ...options, name: group }),
  };
}

type RadioOptions = OptionsOf<typeof RADIO> & {
  /** The same as `name`. */
  readonly htmlName?: string | undefined;
};

/** Radio buttons of which one is pressed: those that stand in its body itself get its id as their name. */
export function radiogroup(options: PlainOptions = {}): Tagged {
  const { id, body } = options;
  const own = [options.class ?? []].flat();
  return panel({
    ...options,
    class: ['radiogroup', ...own],
    body: id === undefined ? body : withName(String(id), body),
  });
}

function withName(name: string, content: Content): Content {
  if (typeof content !== 'object' || content === null) return content;
  if ('named' in content) return (content as Radio).named(name);
  return 'render' in content ? content : content.map((part) => withName(name, part));
}
