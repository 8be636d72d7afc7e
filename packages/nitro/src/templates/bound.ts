/** Bindings as the engine takes them: their elements are rendered where a template shows them. */
import type { Element, Renderer } from '@n2o/shared';
import { escapeHtml } from '../text/html.ts';

/** An element among the bindings: rendered where the template shows it, and as often. */
class Shown {
  readonly #show: () => string;

  constructor(show: () => string) {
    this.#show = show;
  }

  toString(): string {
    return this.#show();
  }
}

/** Bindings with their elements ready to be shown. */
export function bound(value: unknown, renderer: Renderer): unknown {
  if (Array.isArray(value)) return value.map((one) => bound(one, renderer));
  if (typeof value !== 'object' || value === null) return value;
  if (isElement(value)) return new Shown(() => value.render(renderer));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, bound(one, renderer)]),
  );
}

export function isElement(value: unknown): value is Element {
  return (
    typeof value === 'object' &&
    value !== null &&
    'render' in value &&
    typeof value.render === 'function'
  );
}

export function printed(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(printed).join('');
  return value instanceof Shown ? value.toString() : escapeHtml(String(value));
}
