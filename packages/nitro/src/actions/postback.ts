/** JavaScript that sends a postback, as N2O's runtime in the browser expects it. */
import type { Renderer } from '@n2o/shared';
import { escapeScript } from '../text/script.ts';

export interface Sending {
  /** What the handler gets. */
  readonly postback: unknown;
  /** The element that it belongs to. */
  readonly trigger: string;
  /** The module that gets it; by default the page's own. */
  readonly delegate?: string | undefined;
  /** The function of that module. */
  readonly name: string;
}

/** The pickle of what is to be sent. */
export function pickle({ postback, trigger, delegate, name }: Sending, renderer: Renderer): string {
  return renderer.pickle({ module: delegate ?? renderer.module, message: postback, trigger, name });
}

/**
 * @param data       JavaScript of the values that go along
 * @param sources    elements that must be valid first
 * @param validation JavaScript that runs before
 */
export function sending(
  postback: Sending,
  renderer: Renderer,
  data: string,
  sources: readonly string[] = [],
  validation = '',
): string {
  const trigger = escapeScript(postback.trigger);
  const valid = `validateSources([${sources.map((name) => `'${escapeScript(name)}'`).join(',')}],'${trigger}')`;
  const text = escapeScript(pickle(postback, renderer));
  return `{ if (${valid}) { ${validation} ws.send(enc(tuple(atom('pickle'),bin('${trigger}'),bin('${text}'),${data}))); } else console.log('Validation Error'); }`;
}
