/** What a page shows of a device: its card, and in it the part that changes with each report. */
import { event, h2, jq, label, p, panel, range, section } from '@n2o/nitro';
import type { Content, Page } from 'n2o';
import { Chart } from './_chart.tsx';
import { type Device, HIGHEST, LOWEST } from './_device.ts';

const BOUNDS = { min: LOWEST, max: HIGHEST, step: 0.5 };

export function card(id: string, device: Device): Content {
  const target = `target-${id}`;
  const setting = event({
    ...{ target, type: 'change', name: 'target' },
    ...{ postback: id, source: [target] },
  });
  const slider = { id: target, class: 'grow', ...BOUNDS, value: device.target, actions: setting };
  return section({
    id: `device-${id}`,
    class: 'card',
    body: [
      h2({ body: id }),
      panel({ id: `live-${id}`, body: live(device) }),
      label({ class: 'row', body: ['Target', range(slider)] }),
    ],
  });
}

/** Puts a card where the others are; a page that has just come shows it already. */
export function addCard(page: Page, id: string, device: Device): void {
  page.remove(`device-${id}`);
  page.insertBottom('devices', card(id, device));
}

/** Shows a report: the slider stays, which somebody may just be moving. */
export function showReport(page: Page, id: string, device: Device): void {
  page.fill(`live-${id}`, live(device));
}

export function showTarget(page: Page, id: string, { target }: Device): void {
  page.wire(jq({ target: `target-${id}`, property: 'value', right: String(target) }));
}

function live({ target, measured, heating, here, points }: Device): Content {
  if (measured === null) return p({ body: `Nothing is measured yet, to reach ${target} °C.` });
  const state = here ? (heating ? 'heating' : 'warm enough') : 'gone';
  const text = `${measured} °C, to reach ${target} °C: ${state}`;
  return [p({ class: ['reading', state], body: text }), Chart({ points })];
}
