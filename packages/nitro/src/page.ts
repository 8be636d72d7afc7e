/** The page of a client, as server code changes it while it handles one of its events. */
import type { Action, Content, Instruction, Page, Postback, Runtime } from '@n2o/shared';
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
export function createPage(options: PageOptions): Page {
  return new EventPage(options);
}

/** Ids that begin alike and are counted. */
export function countIds(prefix = 'auto'): () => string {
  let count = 0;
  return () => `${prefix}${++count}`;
}

/** One is made for each event that asks for its page: it has to cost nothing but what is done with it. */
class EventPage implements Page {
  readonly module: string;
  readonly #pickle: (postback: Postback) => string;
  #newId: (() => string) | undefined;
  #actions: Action[] = [];
  #values: ReadonlyMap<string, unknown> | undefined;

  constructor({ module, pickle, newId }: PageOptions) {
    this.module = module;
    this.#pickle = pickle;
    this.#newId = newId;
  }

  get isEmpty(): boolean {
    return this.#actions.length === 0;
  }

  pickle(postback: Postback): string {
    return this.#pickle(postback);
  }

  newId(): string {
    this.#newId ??= countIds();
    return this.#newId();
  }

  update(target: string, content: Content): void {
    this.#put('update', target, content);
  }

  fill(target: string, content: Content): void {
    this.#put('fill', target, content);
  }

  insertTop(target: string, content: Content): void {
    this.#put('top', target, content);
  }

  insertBottom(target: string, content: Content): void {
    this.#put('bottom', target, content);
  }

  insertBefore(target: string, content: Content): void {
    this.#put('before', target, content);
  }

  insertAfter(target: string, content: Content): void {
    this.#put('after', target, content);
  }

  remove(target: string): void {
    this.#actions.push(remove(target));
  }

  wire(
    action: Action | string | ((...args: never[]) => unknown),
    ...args: readonly unknown[]
  ): void {
    if (typeof action === 'string') this.#actions.push(script(action));
    else this.#actions.push(typeof action === 'function' ? run(action, args) : action);
  }

  call(name: string, ...args: readonly unknown[]): void {
    this.#actions.push(call(name, args));
  }

  redirect(url: string): void {
    this.#actions.push(redirect(url));
  }

  alert(text: string): void {
    this.#actions.push(alert({ text }));
  }

  confirm(text: string, postback: unknown): void {
    this.#actions.push(confirm({ text, postback }));
  }

  focus(target: string): void {
    this.#actions.push(focus({ target }));
  }

  q(name: string): unknown {
    return this.#values?.get(name);
  }

  html(content: Content): string {
    return render(content, this);
  }

  flush(runtime: Runtime): string | readonly Instruction[] {
    const taken = this.#actions;
    this.#actions = [];
    return runtime === 'script'
      ? perform(taken, this, (action, inner) => action.script(inner)).join('')
      : perform(taken, this, (action, inner) => action.instructions(inner)).flat();
  }

  bring(values: ReadonlyMap<string, unknown>): void {
    this.#values = values;
  }

  #put(place: Place, target: string, content: Content): void {
    const { html, wired } = renderApart(content, this);
    this.#actions.push(insertion(place, target, html, content), ...wired);
  }
}
