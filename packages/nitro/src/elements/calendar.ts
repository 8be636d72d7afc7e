/** A date to pick from a calendar that the page's own script Pikaday shows. */
import type { Action } from '@n2o/shared';
import { escapeScript, literal } from '../text/script.ts';
import { define } from './define.ts';
import type { OptionsOf, Row, Updating } from './options.ts';
import { printTag } from './print.ts';
import type { Tagged } from './tag.ts';
import { wireUpdate } from './update.ts';

/** Year, month 1..12, day 1..31. */
export type Day = readonly [year: number, month: number, day: number];

const FAR: Day = [2189, 5, 1];

const CALENDAR = {
  tag: 'input',
  names:
    'autocomplete autofocus disabled form list name readonly required step type pattern placeholder onkeypress',
  fixed: { type: 'calendar' },
  defaults: { autocomplete: true },
  event: 'click',
  identified: true,
  void: true,
} as const satisfies Row;

export interface CalendarOptions {
  /** By default 2020-02-02, as N2O has it; `null` for none. */
  readonly value?: Day | null | undefined;
  readonly minDate?: Day | undefined;
  /** By default 2019-02-02, as N2O has it; `null` for none. */
  readonly maxDate?: Day | null | undefined;
  /** By default `DD.MM.YYYY`. */
  readonly format?: string | undefined;
  /** The day that a week begins with: 0 (Sunday) to 6. */
  readonly firstDay?: number | undefined;
  /** Years to choose from. */
  readonly yearRange?: number | undefined;
}

export const calendar: (
  options?: OptionsOf<typeof CALENDAR> & Updating & CalendarOptions,
) => Tagged = define(CALENDAR, (shown) => {
  const { id = '', given, renderer, attributes } = shown;
  wireUpdate(shown, 'click', false);
  renderer.wire(picker(id, given as CalendarOptions));
  return printTag('input', attributes, undefined);
});

function picker(id: string, options: CalendarOptions): Action {
  const { value = [2020, 2, 2], minDate = [2009, 4, 4], maxDate = [2019, 2, 2] } = options;
  const { format = 'DD.MM.YYYY', firstDay = 0, yearRange = 100 } = options;
  const name = escapeScript(id);
  const lines = [
    `field: document.getElementById('${name}')`,
    'i18n: clLangs.ua',
    `defaultDate: ${value === null ? "''" : dateOf(value, ',')}`,
    'setDefaultDate: true',
    `firstDay: ${literal(firstDay)}`,
    `minDate: ${dateOf(minDate, options.minDate ? ',' : ', ')}`,
    `maxDate: ${maxDate === null ? dateOf(FAR, ', ') : dateOf(maxDate, ',')}`,
    `format: '${escapeScript(format)}'`,
    'onSelect: null',
    'disableDayFn: null',
    "position: 'bottom left'",
    'reposition: true',
    `yearRange: ${literal(yearRange)}`,
  ].join(`,\n${' '.repeat(12)}`);
  const code = `pickers['${name}'] = new Pikaday({\n${' '.repeat(12)}${lines}\n        });`;
  const settings = { value, minDate, maxDate, format, firstDay, yearRange };
  return { script: () => code, instructions: () => [['call', 'calendar', id, settings]] };
}

function dateOf([year, month, day]: Day, comma: string): string {
  return `new Date(${[year, month - 1, day].map(literal).join(comma)})`;
}
