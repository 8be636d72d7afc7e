/** What is done to one element of the page by its id. */
import type { Action, Instruction } from '@n2o/shared';
import { N2OError } from '@n2o/shared';
import { escapeScript } from '../text/script.ts';
import { harmlessAs } from '../text/url.ts';

const STYLE = /^[A-Za-z]+$/;

/** Takes the element away. */
export function remove(target: string): Action {
  const code = `var x=qi('${escapeScript(target)}'); x && x.parentNode.removeChild(x);`;
  return both(code, ['remove', target]);
}

/** Takes away what is in the element. */
export function clear(target: string): Action {
  const code = `var x = qi('${escapeScript(target)}'); while (x && x.firstChild) x.removeChild(x.firstChild);`;
  return both(code, ['fill', target, '']);
}

/** Puts the cursor there. */
export function focus({ target }: { readonly target: string }): Action {
  const code = `window.setTimeout(function(){var x=qi('${escapeScript(target)}'); x && x.focus();},4);`;
  return both(code, ['focus', target]);
}

/** Sets one style by the name that it has in script, e.g. `fontSize`. @throws N2O_PAGE_NAME */
export function setStyle(target: string, name: string, value: string): Action {
  if (!STYLE.test(name)) throw new N2OError('N2O_PAGE_NAME', `there is no style "${name}"`);
  const code = guarded(target, `x.style.${name} = '${escapeScript(value)}';`);
  return both(code, ['style', target, name, value]);
}

/** Shows the element as a block. */
export function show(target: string): Action {
  return setStyle(target, 'display', 'block');
}

export function hide(target: string): Action {
  return setStyle(target, 'display', 'none');
}

/** Sets an attribute. */
export function setAttribute(target: string, name: string, value: string | number): Action {
  const text = harmlessAs(name, String(value));
  const code = guarded(target, `x.setAttribute('${escapeScript(name)}', '${escapeScript(text)}');`);
  return both(code, ['attribute', target, name, text]);
}

function guarded(target: string, statement: string): string {
  return `{ var x = qi('${escapeScript(target)}'); if (x) ${statement} }`;
}

function both(code: string, instruction: Instruction): Action {
  return { script: () => code, instructions: () => [instruction] };
}
