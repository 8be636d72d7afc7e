/** What an element asks of the page when it is shown: its actions, its validation, its postback. */
import type { Action, Renderer } from '@n2o/shared';
import { N2OError } from '@n2o/shared';
import { event, type Source } from '../actions/event.ts';
import { embeddable, escapeScript } from '../text/script.ts';
import type { Common, Posting, Row } from './options.ts';

/** The element's id; one is made where something refers to the element. */
export function identify(
  row: Pick<Row, 'identified' | 'event'>,
  given: Common & Posting & { readonly id?: unknown },
  renderer: Renderer,
): string | undefined {
  if (given.id !== undefined && given.id !== null && given.id !== '') return String(given.id);
  const posts = row.event !== undefined && given.postback !== undefined;
  return row.identified || posts || given.validation !== undefined ? renderer.newId() : undefined;
}

/** Wires what the options of an element say. */
export function wireElement(
  row: Pick<Row, 'event' | 'self'>,
  id: string | undefined,
  given: Common & Posting,
  renderer: Renderer,
): void {
  for (const action of [given.actions ?? []].flat()) renderer.wire(action);
  if (id === undefined) return;
  if (given.validation !== undefined) renderer.wire(validation(id, given.validation));
  if (row.event === undefined || given.postback === undefined) return;
  const { postback, delegate, validate } = given;
  const source: Source[] = [...(row.self ? [id] : []), ...(given.source ?? [])];
  renderer.wire(
    event({ target: id, type: row.event, postback, source, delegate, validation: validate }),
  );
}

/** Asks a condition of an element's value before it goes along as a source. */
export function validation(id: string, condition: string): Action {
  const code = embeddable(condition);
  return {
    script: () =>
      `{var name='${escapeScript(id)}'; qi(name) && qi(name).addEventListener('validation',function(e) { if (!(${code})) e.preventDefault(); });if(qi(name)) qi(name).validation = true;}`,
    instructions() {
      throw new N2OError('N2O_PAGE_SCRIPT', `the validation of "${id}" is code`);
    },
  };
}
