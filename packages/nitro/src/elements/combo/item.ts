/** What the lists of combined elements are given. */
import type { Content } from '@n2o/shared';

/** One of a list: what is shown, or that with the value it stands for. */
export type Item = string | { readonly value: Content; readonly bind?: unknown };

/** An item in its long form. */
export function itemOf(item: Item): { readonly value: Content; readonly bind?: unknown } {
  return typeof item === 'string' ? { value: item } : item;
}

/** What every combined element takes. */
export interface Combined {
  readonly id?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** `false` shows nothing. */
  readonly showIf?: boolean | undefined;
}

/** Id of a part, from the id of the whole. */
export function part(id: string | undefined, name: string): string {
  return `${id ?? ''}_${name}`;
}

export const ACROSS = 'display: flex; width: 100%; justify-content: center;';
