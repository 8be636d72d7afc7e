/** Actions that change the page as a whole piece, or do several things at once. */
import type { Action, Content, Instruction, Renderer } from '@n2o/shared';
import { perform, renderApart } from '../render.ts';
import { script } from './code.ts';
import { insertion, type Place } from './insertion.ts';

/** Where content goes, in the words of the DOM. */
export type Position = 'beforebegin' | 'afterbegin' | 'beforeend' | 'afterend';

const PLACES: Readonly<Record<Position, Place>> = {
  beforebegin: 'before',
  afterbegin: 'top',
  beforeend: 'bottom',
  afterend: 'after',
};

/** Puts content in the place of an element: as `page.update`, but as a value. */
export function replace(options: { readonly target: string; readonly elements: Content }): Action {
  return putting('update', options.target, options.elements);
}

/** Puts content beside or into an element: as the page's insertions, but as a value. */
export function insert(options: {
  readonly target: string;
  readonly elements: Content;
  /** By default `beforeend`. */
  readonly position?: Position;
  /** Tag in which a browser reads the content, where it is not to be guessed. */
  readonly tag?: string;
}): Action {
  const { target, elements, position = 'beforeend', tag } = options;
  return putting(PLACES[position], target, elements, tag);
}

/** What `page.wire` takes, as one value: actions, and JavaScript as text. */
export function wire(...actions: readonly (Action | string)[]): Action {
  const all = actions.map((action) => (typeof action === 'string' ? script(action) : action));
  return {
    script: (renderer) => scripts(all, renderer),
    instructions: (renderer) => instructions(all, renderer),
  };
}

/** Does several things before the browser shows the next picture. */
export function multi({ actions }: { readonly actions: readonly (Action | string)[] }): Action {
  const all = wire(...actions);
  return {
    script: (renderer) =>
      `window.requestAnimationFrame(function(timestamp){${all.script(renderer)}});`,
    instructions: (renderer) => all.instructions(renderer),
  };
}

function putting(place: Place, target: string, content: Content, parent?: string): Action {
  const wiring = (renderer: Renderer) => {
    const { html, wired } = renderApart(content, renderer);
    return [insertion(place, target, html, content, parent), ...wired];
  };
  return {
    script: (renderer) => scripts(wiring(renderer), renderer),
    instructions: (renderer) => instructions(wiring(renderer), renderer),
  };
}

function scripts(actions: readonly Action[], renderer: Renderer): string {
  return perform(actions, renderer, (action, inner) => action.script(inner)).join('');
}

function instructions(actions: readonly Action[], renderer: Renderer): readonly Instruction[] {
  return perform(actions, renderer, (action, inner) => action.instructions(inner)).flat();
}
