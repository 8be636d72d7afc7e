/** Events of elements that send postbacks. */
import type { Binding } from '@n2o/shared';
import { sourceValue } from './source.ts';

/** Sends a postback with the values of its sources. */
export type Send = (
  target: string,
  pickle: string,
  values: readonly (readonly [name: string, value: unknown])[],
) => void;

/** Events that would do something by themselves; typing and choosing must go on. */
const PREVENTED = ['click', 'submit', 'reset', 'contextmenu', 'dragover', 'drop'];

/** What one batch of instructions has bound to one kind of event of an element. */
interface Bound {
  readonly batch: number;
  readonly ending: AbortController;
}

export class Bindings {
  readonly #send: Send;
  /** They go with their elements. */
  readonly #bound = new WeakMap<Element, Map<string, Bound>>();
  #batch = 0;

  constructor(send: Send) {
    this.#send = send;
  }

  /** What is bound from now on takes the place of what was bound before, event by event. */
  nextBatch(): void {
    this.#batch++;
  }

  add(element: Element, type: string, binding: Binding): void {
    const { pickle, source, confirm, delay = 0, key } = binding;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const send = () => {
      if (!element.isConnected) return;
      if (confirm !== undefined && !window.confirm(confirm)) return;
      this.#send(
        element.id,
        pickle,
        source.map((name) => [name, sourceValue(name)]),
      );
    };
    const { signal } = this.#place(element, `${type} ${key ?? ''}`).ending;
    signal.addEventListener('abort', () => clearTimeout(timer));
    const listener = (event: Event) => {
      if (key !== undefined && !isPressed(event as KeyboardEvent, key)) return;
      if (isPrevented(event, binding)) event.preventDefault();
      if (pickle === '') return;
      clearTimeout(timer);
      if (delay > 0) timer = setTimeout(send, delay);
      else send();
    };
    element.addEventListener(type, listener, { signal });
  }

  /** A page that is restored is told to bind again what is bound already. */
  #place(element: Element, name: string): Bound {
    const all = this.#bound.get(element) ?? new Map<string, Bound>();
    this.#bound.set(element, all);
    const before = all.get(name);
    if (before?.batch === this.#batch) return before;
    before?.ending.abort();
    const bound = { batch: this.#batch, ending: new AbortController() };
    all.set(name, bound);
    return bound;
  }
}

/** Not while something is composed: there, Enter chooses what an input method proposes. */
function isPressed(event: KeyboardEvent, key: string): boolean {
  return event.key === key && !event.isComposing;
}

function isPrevented(event: Event, { passive, pickle, key }: Binding): boolean {
  if (passive) return false;
  if (pickle === '' || key !== undefined) return true;
  const { target } = event;
  // A click is how they change.
  const isChoice = target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type);
  return PREVENTED.includes(event.type) && !isChoice;
}
