/** What the user is told and asked, and where the browser goes. */
import type { Action } from '@n2o/shared';
import { escapeScript } from '../text/script.ts';
import { harmless } from '../text/url.ts';
import { pickle, sending } from './postback.ts';

export function alert({ text }: { readonly text: string }): Action {
  const code = `alert("${escapeScript(text)}");`;
  return { script: () => code, instructions: () => [['alert', text]] };
}

/** Asks the user, and sends the postback if the answer is yes. */
export function confirm(options: {
  readonly text: string;
  readonly postback?: unknown;
  readonly delegate?: string;
}): Action {
  const { text, postback, delegate } = options;
  const asked = { postback, trigger: '', delegate, name: 'event' };
  const none = postback === undefined;
  return {
    script: (renderer) =>
      `if (confirm("${escapeScript(text)}")) {${none ? '' : sending(asked, renderer, '[]')}}`,
    instructions: (renderer) => [['confirm', text, none ? null : pickle(asked, renderer)]],
  };
}

/** Goes to another address; one that would run as code is `about:blank`. */
export function redirect(url: string): Action {
  const address = harmless(url);
  const code = `window.location='${escapeScript(address)}';`;
  return { script: () => code, instructions: () => [['redirect', address]] };
}
