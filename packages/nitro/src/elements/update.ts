/** The second postback of elements that have one: N2O's `update`. */
import { event } from '../actions/event.ts';
import type { Shown } from './define.ts';

/** Wires it after the first, with the element's own value among what goes along where `self` says so. */
export function wireUpdate({ id, given, renderer }: Shown, type: string, self: boolean): void {
  const { update, delegate, source = [] } = given;
  if (update === undefined || id === undefined) return;
  const values = self ? [id, ...source] : source;
  renderer.wire(event({ target: id, type, postback: update, delegate, source: values }));
}
