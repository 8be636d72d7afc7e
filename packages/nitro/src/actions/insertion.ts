/** Where rendered HTML goes: N2O's update and its insertions. */
import type { Action, Content } from '@n2o/shared';
import { isSingle } from '../elements/tag.ts';
import { escapeScript, escapeTemplate } from '../text/script.ts';

/** In terms of an instruction. */
export type Place = 'update' | 'fill' | 'top' | 'bottom' | 'before' | 'after';

/** Parents without which a browser would drop such an element while it reads HTML. */
const PARENTS: Readonly<Record<string, string>> = {
  tr: 'tbody',
  td: 'tr',
  th: 'tr',
  tbody: 'table',
  thead: 'table',
  tfoot: 'table',
  caption: 'table',
  colgroup: 'table',
  col: 'colgroup',
};

const POSITIONS = {
  top: 'afterbegin',
  bottom: 'beforeend',
  before: 'beforebegin',
  after: 'afterend',
} as const;

/**
 * Puts HTML at a place of an element.
 * @param content what the HTML was made of: one element, or several
 * @param parent  tag in which a browser reads the HTML, where it is not to be guessed
 */
export function insertion(
  place: Place,
  target: string,
  html: string,
  content: Content,
  parent?: string,
): Action {
  return {
    script: () => write(place, escapeScript(target), html, content, parent),
    instructions: () => [[place, target, html]],
  };
}

function write(
  place: Place,
  target: string,
  html: string,
  content: Content,
  parent: string | undefined,
): string {
  const text = escapeTemplate(html);
  if (place === 'update') return `var x=qi('${target}'); if(x) x.outerHTML=\`${text}\`;`;
  if (place === 'fill') return `var x=qi('${target}'); if(x) x.innerHTML=\`${text}\`;`;
  // N2O's own form of these two takes the first node only.
  if ((place === 'top' || place === 'bottom') && isSingle(content)) {
    const around = parent ?? PARENTS[content.tag] ?? 'div';
    return place === 'top'
      ? `var x=qi('${target}'); if(x) { x.insertBefore((function(){var div = qn('${around}'); div.innerHTML = \`${text}\`; return div.firstChild; })(),qi('${target}').firstChild); }`
      : `(function(){ var div = qn('${around}');let x = qi('${target}'); if(x){ div.innerHTML = \`${text}\`;x.appendChild(div.firstChild);}})();`;
  }
  return `qi('${target}').insertAdjacentHTML('${POSITIONS[place]}', \`${text}\`);`;
}
