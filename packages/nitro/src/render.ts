/** Content becomes HTML. */
import type { Action, Content, Renderer } from '@n2o/shared';
import { escapeHtml } from './text/html.ts';

/** HTML of a content; what its elements wire goes to the renderer. */
export function render(content: Content, renderer: Renderer): string {
  switch (typeof content) {
    case 'string':
      return escapeHtml(content);
    case 'number':
    case 'bigint':
      return String(content);
    case 'object':
      if (content === null) return '';
      if ('render' in content) return content.render(renderer);
      return content.map((part) => render(part, renderer)).join('');
    default:
      return '';
  }
}

/** HTML of a content, and apart from it what its elements have wired. */
export function renderApart(
  content: Content,
  renderer: Renderer,
): { readonly html: string; readonly wired: readonly Action[] } {
  const wired: Action[] = [];
  return { html: render(content, apart(renderer, wired)), wired };
}

/** The form of each action in turn; what an action wires while it takes its form comes right after it. */
export function perform<Form>(
  actions: readonly Action[],
  renderer: Renderer,
  form: (action: Action, renderer: Renderer) => Form,
): readonly Form[] {
  return actions.flatMap((action) => {
    const wired: Action[] = [];
    const own = form(action, apart(renderer, wired));
    return [own, ...perform(wired, renderer, form)];
  });
}

function apart(renderer: Renderer, wired: Action[]): Renderer {
  return {
    module: renderer.module,
    pickle: (postback) => renderer.pickle(postback),
    newId: () => renderer.newId(),
    wire: (action) => {
      wired.push(action);
    },
  };
}
