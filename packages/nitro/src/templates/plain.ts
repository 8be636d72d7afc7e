/** Templates of nothing but text and names: shown without the engine, which takes some thirty times as long. */
import type { Renderer } from '@n2o/shared';
import { type Template, TokenKind } from 'liquidjs';
import { escapeHtml } from '../text/html.ts';
import { isElement } from './bound.ts';

/** Text as it stands, with the name of the binding that follows it; the last has none. */
interface Part {
  readonly text: string;
  readonly name: string | undefined;
}

export type Plain = readonly Part[];

/** Words that the engine reads as something else than the name of a binding. */
const RESERVED =
  /^(?:and|or|not|contains|true|false|nil|null|empty|blank|size|first|last|forloop)$/;

/** A parsed template whose tokens are all text and names; `undefined` for any other. */
export function plainOf(parsed: readonly Template[]): Plain | undefined {
  const parts: Part[] = [];
  let text = '';
  for (const { token } of parsed) {
    if (token.kind === TokenKind.HTML && 'getContent' in token) {
      text += (token.getContent as () => string)();
    } else if (token.kind === TokenKind.Output && 'content' in token) {
      const name = String(token.content);
      if (!/^[a-z_]\w*$/i.test(name) || RESERVED.test(name)) return undefined;
      parts.push({ text, name });
      text = '';
    } else return undefined;
  }
  parts.push({ text, name: undefined });
  return parts;
}

/** A plain template with its bindings; `undefined` where the engine has to print one of them. */
export function showPlain(
  parts: Plain,
  bindings: Readonly<Record<string, unknown>>,
  renderer: Renderer,
): string | undefined {
  // First whether it can be shown at all: an element that is shown twice would wire twice.
  for (const { name } of parts) if (!isPlain(boundTo(name, bindings))) return undefined;
  let shown = '';
  for (const { text, name } of parts) {
    const value = boundTo(name, bindings);
    shown += text;
    if (typeof value === 'string') shown += escapeHtml(value);
    else if (typeof value === 'number') shown += value;
    else if (isElement(value)) shown += value.render(renderer);
  }
  return shown;
}

function boundTo(name: string | undefined, bindings: Readonly<Record<string, unknown>>): unknown {
  return name !== undefined && Object.hasOwn(bindings, name) ? bindings[name] : undefined;
}

function isPlain(value: unknown): boolean {
  const type = typeof value;
  return type === 'string' || type === 'number' || value === undefined || isElement(value);
}
