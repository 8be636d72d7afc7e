/** A module whose page puts what a hostile user has sent wherever text may stand. */
import * as nitro from '@n2o/nitro';
import { createTemplates } from '@n2o/nitro/templates';
import { PAYLOADS } from './_payloads.ts';

/** Those that are not in a body; those whose body or attribute is the application's own code. */
const LEFT_OUT = /^(html|head|body|base|script|style|hte|custom)$/;
/** What needs further scripts in the page comes last, so that the rest is seen in any case. */
const LAST = /^(combo|calendar|sortable|koatuu|multiple|upload)/;

const ATTRIBUTES =
  'class style title role tabindex lang dir accesskey contextmenu dropzone translate bind name value href url src alt placeholder type label for form target rel media list pattern min max step caption legend header footer subtitle group feed listId action formaction data poster cite usemap manifest download headers content httpEquiv accept charset'.split(
    ' ',
  );

const rank = ([name]) => (LAST.test(name) ? 1 : 0);
const ELEMENTS = Object.entries(nitro)
  .filter(([name, build]) => !LEFT_OUT.test(name) && isElement(build))
  .sort((one, other) => rank(one) - rank(other));

function isElement(build) {
  try {
    return 'render' in build({ id: 'a' });
  } catch {
    return false;
  }
}

/** Every element with a text as its body, and with it as every attribute. */
function elements(text) {
  const attributes = Object.fromEntries(ATTRIBUTES.map((name) => [name, text]));
  return ELEMENTS.flatMap(([, build]) => [
    nitro.div({ body: build({ body: text, cells: text, value: text }) }),
    nitro.div({ body: build({ ...attributes, id: text, dataFields: { 'data-x': text } }) }),
  ]);
}

const TEMPLATE = '<p title="{{ text }}">{{ text }}</p>';
const templates = createTemplates({ read: () => '' });

const OWN = { box: 'box', mark: 'mark', stage: 'stage' };

export default {
  scripts: true,

  main({ page }) {
    for (const text of PAYLOADS) act(page, text);
    return [
      ...Object.values(OWN).map((id) => nitro.div({ id })),
      PAYLOADS.map((text) => nitro.div({ id: text, body: text })),
    ];
  },

  /** Shows one text everywhere: `show:` and its number, or `go:` and its number. */
  client(message, { page }) {
    const [what, number] = new TextDecoder().decode(message).split(':');
    const text = PAYLOADS[Number(number)];
    if (what === 'go') {
      page.redirect(text);
      page.fill('mark', 'gone');
      return;
    }
    page.fill('stage', elements(text));
    page.insertTop('stage', [text, nitro.panel({ body: text })]);
    page.insertBottom('stage', templates.dtl({ text: TEMPLATE, bindings: { text } }));
    page.insertBefore('stage', nitro.p({ body: text }));
    page.insertAfter('stage', nitro.p({ body: text }));
    page.update('box', nitro.div({ id: 'box', title: text, body: text }));
    act(page, text);
    page.fill('mark', `${what} ${number} ${ELEMENTS.length}`);
  },
};

/** What asks something of the page besides elements: text stands in code there. */
function act(page, text) {
  page.wire(nitro.setAttribute('box', 'title', text));
  page.wire(nitro.setStyle('box', 'color', text));
  page.wire(nitro.jq({ target: 'box', property: 'title', right: text }));
  page.wire(nitro.event({ target: 'box', type: 'click', postback: text, source: [text] }));
  page.wire((box, given) => box && String(given), 'box', text);
  page.alert(text);
  page.confirm(text, text);
  page.focus('box');
}
