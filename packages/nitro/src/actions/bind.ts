/** Actions that are JavaScript of the application at places that it names: N2O's `#bind` and `#jq`. */
import type { Action, Content, Renderer } from '@n2o/shared';
import { renderApart } from '../render.ts';
import { embeddable, escapeScript } from '../text/script.ts';
import { harmlessAs } from '../text/url.ts';

/**
 * What an action is about: an element by its id, the first or all that a selector finds, a global of
 * the page, or what a path of properties leads to from one of these.
 */
export type Target =
  | string
  | { readonly qs: string }
  | { readonly qa: string }
  | { readonly g: string }
  | { readonly ps: Exclude<Target, { readonly ps: unknown }>; readonly path: string };

/** Runs code at each event of a target. */
export function bind(options: {
  readonly target: Target;
  /** DOM name of the event, by default `click`. */
  readonly type?: string;
  /** JavaScript with the event as `event`. */
  readonly code: string;
  /** Of a global: the name under which the listener is kept, so that binding again replaces it. */
  readonly source?: string;
}): Action {
  const { target, type = 'click', source = 'handler' } = options;
  const [at, event, code] = [targetOf(target), escapeScript(type), embeddable(options.code)];
  const text =
    typeof target === 'object' && 'g' in target
      ? `{ if('${source}' in ${at}){${at}.removeEventListener('${event}',${source});delete ${at}[${source}]};${source}={handleEvent:(event) => { if(event.type === '${event}'){${code}}}};${at}.addEventListener('${event}',${source});${at}.${source}=${source};}`
      : `{var x=${at}; x && x.addEventListener('${event}',function(event){${code}});}`;
  return { script: () => text, instructions: () => [['script', text]] };
}

/** Sets or reads a property, or calls methods, of a target. */
export function jq(options: {
  readonly target: Target;
  readonly property?: string;
  /** What the property is set to: text, content as HTML, or what another `jq` reads. */
  readonly right?: Content | Action;
  readonly method?: readonly string[];
  /** JavaScript of the arguments. */
  readonly args?: readonly string[];
}): Action {
  const { target, property, right, method = [], args = [] } = options;
  const at = targetOf(target);
  if (property === undefined) {
    const all =
      typeof target === 'object' && ('qa' in target || ('ps' in target && isAll(target.ps)));
    const called = args.map(embeddable).join(',');
    const calls = method.map((name) =>
      all ? `${at}.map(i=>i.${name}(${called}));` : `${at}.${name}(${called});`,
    );
    const code = calls.join('');
    const focuses = typeof target === 'string' && code === `${at}.focus();`;
    return {
      script: () => code,
      instructions: () => [focuses ? ['focus', target] : ['script', code]],
    };
  }
  const script = (renderer: Renderer) => `${at}.${property}${assigned(property, right, renderer)};`;
  return {
    script,
    instructions(renderer) {
      if (typeof target !== 'string' || right === undefined || isAction(right))
        return [['script', script(renderer)]];
      const text = printed(property, right, renderer);
      const place = PLACES[property];
      return [place === undefined ? ['set', target, property, text] : [place, target, text]];
    },
  };
}

/** Properties that hold HTML: what is put there is content, and elsewhere it is text. */
const PLACES: Readonly<Record<string, 'fill' | 'update'>> = {
  innerHTML: 'fill',
  outerHTML: 'update',
};

function assigned(property: string, right: Content | Action, renderer: Renderer): string {
  if (right === undefined) return '';
  if (isAction(right)) return `=${right.script(renderer)}`;
  return `='${escapeScript(printed(property, right, renderer))}'`;
}

function printed(property: string, content: Content, renderer: Renderer): string {
  if (typeof content === 'string' && PLACES[property] === undefined) {
    return harmlessAs(property, content);
  }
  const { html, wired } = renderApart(content, renderer);
  for (const action of wired) renderer.wire(action);
  return html;
}

function isAll(target: Target): boolean {
  return typeof target === 'object' && 'qa' in target;
}

function isAction(value: Content | Action): value is Action {
  return typeof value === 'object' && value !== null && 'script' in value;
}

function targetOf(target: Target): string {
  if (typeof target === 'string') return `qi('${escapeScript(target)}')`;
  if ('qs' in target) return `qs('${escapeScript(target.qs)}')`;
  if ('qa' in target) return `Array.from(qa('${escapeScript(target.qa)}'))`;
  if ('g' in target) return embeddable(target.g);
  const from = targetOf(target.ps);
  const path = escapeScript(target.path);
  const step = `'${path}'.split('.').reduce((a,p)=>(a&&a[p]?a[p]:null),ts)`;
  return isAll(target.ps)
    ? `var t=${from};t.map(ts => ${step}).filter(o=>o)`
    : `var ts=${from},ps = ${step};ps&&ps`;
}
