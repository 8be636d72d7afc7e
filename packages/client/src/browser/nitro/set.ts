/** Sets what an element is, in a way that runs no code and that no policy of the page stands against. */
import { N2OError } from '@n2o/shared';

/** A function that the page's own script has registered. */
export type PageFunction = (...given: readonly unknown[]) => unknown;

/** Properties that are addresses. */
const ADDRESSES = /^(?:href|src|action|formAction|data|cite|poster)$/;

/** Attributes that hold text to read, whatever it begins with; of others nobody knows who loads them. */
const TEXTS = /^(?:abbr|alt|label|placeholder|title|value|(?:aria|data)-.+)$/i;

/** @throws N2OError `N2O_PAGE_INSTRUCTION` for a property that takes code */
export function setProperty(
  element: Element,
  name: string,
  value: string | number | boolean | null,
): void {
  if (/^on/i.test(name) || (ADDRESSES.test(name) && runs(String(value)))) throw code(name);
  (element as unknown as Record<string, unknown>)[name] = value;
}

/** @throws N2OError `N2O_PAGE_INSTRUCTION` for an attribute that takes code */
export function setAttribute(element: Element, name: string, value: string | null): void {
  const mayRun = value !== null && !TEXTS.test(name) && runs(value);
  if (/^on/i.test(name) || mayRun) throw code(name);
  if (value === null) element.removeAttribute(name);
  // As an attribute it would need `style-src 'unsafe-inline'`.
  else if (name === 'style') (element as HTMLElement).style.cssText = value;
  else element.setAttribute(name, value);
}

export function setStyle(element: Element, name: string, value: string): void {
  const { style } = element as HTMLElement;
  if (name.includes('-')) style.setProperty(name, value);
  else (style as unknown as Record<string, string>)[name] = value;
}

/** As the browser reads it, which drops signs that nobody sees. */
function runs(address: string): boolean {
  try {
    return /^(?:java|vb)script:$/.test(new URL(address, document.baseURI).protocol);
  } catch {
    return false;
  }
}

function code(name: string): N2OError {
  return new N2OError('N2O_PAGE_INSTRUCTION', `"${name}" would take code`);
}
