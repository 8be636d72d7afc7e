/** The page of a client, as server code changes it while it handles one of its events. */
import type { Action, Content, Page, Postback, Renderer } from '@n2o/shared';
import { call, run, script } from './actions/code.ts';
import { alert, confirm, redirect } from './actions/dialog.ts';
import { insertion, type Place } from './actions/insertion.ts';
import { focus, remove } from './actions/target.ts';
import { perform, render, renderApart } from './render.ts';

export interface PageOptions {
  /** The module that the page belongs to. */
  readonly module: string;
  /** Text that brings a postback back. */
  readonly pickle: (postback: Postback) => string;
  /**
   * Makes ids of elements that have none of their own and need one. The browser keeps what earlier
   * events have inserted, so they must differ from event to event wherever a page lives longer than
   * one; by default auto1, auto2, …
   */
  readonly newId?: () => string;
}

/** Makes a page of which nothing is asked yet. */
export function createPage({ module, pickle, newId = countIds() }: PageOptions): Page {
  let actions: Action[] = [];
  let values: ReadonlyMap<string, unknown> = new Map();

  const add = (action: Action): void => {
    actions.push(action);
  };
  const renderer: Renderer = { module, pickle, newId, wire: add };
  const put = (place: Place) => (target: string, content: Content) => {
    const { html, wired } = renderApart(content, renderer);
    actions.push(insertion(place, target, html, content), ...wired);
  };

  return {
    module,
    pickle,
    newId,
    update: put('update'),
    fill: put('fill'),
    insertTop: put('top'),
    insertBottom: put('bottom'),
    insertBefore: put('before'),
    insertAfter: put('after'),
    remove: (target) => add(remove(target)),
    wire(action: Action | string | ((...args: never[]) => unknown), ...args: readonly unknown[]) {
      if (typeof action === 'string') add(script(action));
      else add(typeof action === 'function' ? run(action, args) : action);
    },
    call: (name, ...args) => add(call(name, args)),
    redirect: (url) => add(redirect(url)),
    alert: (text) => add(alert({ text })),
    confirm: (text, postback) => add(confirm({ text, postback })),
    focus: (target) => add(focus({ target })),
    q: (name) => values.get(name),
    html: (content) => render(content, renderer),
    get isEmpty() {
      return actions.length === 0;
    },
    flush(runtime) {
      const taken = actions;
      actions = [];
      return runtime === 'script'
        ? perform(taken, renderer, (action, inner) => action.script(inner)).join('')
        : perform(taken, renderer, (action, inner) => action.instructions(inner)).flat();
    },
    bring(brought) {
      values = brought;
    },
  };
}

/** Ids that begin alike and are counted. */
export function countIds(prefix = 'auto'): () => string {
  let count = 0;
  return () => `${prefix}${++count}`;
}
