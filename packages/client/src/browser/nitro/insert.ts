/** HTML that the server has rendered, put into the page without running anything in it. */

/** Where new nodes go, seen from the element that is named. */
export type Place = 'update' | 'fill' | 'top' | 'bottom' | 'before' | 'after';

const SVG = 'http://www.w3.org/2000/svg';

/** Puts the HTML in its place. What had the focus has it again if it is still there by its id. */
export function insert(place: Place, target: Element, html: string): void {
  const isInside = place === 'fill' || place === 'top' || place === 'bottom';
  const fragment = parse(html, isInside ? target : target.parentElement);
  switch (place) {
    case 'update':
      keepingFocus(target, () => target.replaceWith(fragment));
      break;
    case 'fill':
      keepingFocus(target, () => target.replaceChildren(fragment));
      break;
    case 'top':
      target.prepend(fragment);
      break;
    case 'bottom':
      target.append(fragment);
      break;
    case 'before':
      target.before(fragment);
      break;
    case 'after':
      target.after(fragment);
      break;
  }
}

/** A template holds parts of tables too, and scripts in it never run. SVG is parsed as such where it goes. */
function parse(html: string, parent: Element | null): DocumentFragment {
  const template = document.createElement('template');
  const isDrawing = parent?.namespaceURI === SVG && parent.localName !== 'foreignObject';
  template.innerHTML = isDrawing ? `<svg>${html}</svg>` : html;
  const fragment = template.content;
  if (isDrawing) fragment.replaceChildren(...(fragment.firstElementChild?.childNodes ?? []));
  return fragment;
}

function keepingFocus(target: Element, replace: () => void): void {
  const active = document.activeElement;
  const id = active && target.contains(active) ? active.id : '';
  const selection = isWritten(active) ? selectionOf(active) : undefined;
  replace();
  const next = id === '' ? null : document.getElementById(id);
  if (!next || next === active) return;
  next.focus({ preventScroll: true });
  if (selection && isWritten(next) && selectionOf(next)) {
    next.setSelectionRange(...selection);
  }
}

/** What a user writes in, where there may be a cursor. */
type Written = HTMLInputElement | HTMLTextAreaElement;

function isWritten(element: Element | null): element is Written {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

/** `undefined` where the input has none: a checkbox, a number. */
function selectionOf(input: Written): [number, number] | undefined {
  const { selectionStart: start, selectionEnd: end } = input;
  return start === null || end === null ? undefined : [start, end];
}
