/** The page that a client looks at, as server code sees it while it handles one of its events. */
import type { Action, Content, Renderer, Runtime } from './element.ts';
import type { Instruction } from './instruction.ts';

/** Whatever is asked of it here goes to the client with the reply. Targets are ids of elements. */
export interface Page extends Renderer {
  /** Replaces an element. */
  update(target: string, content: Content): void;
  /** Replaces what is in an element. */
  fill(target: string, content: Content): void;
  insertTop(target: string, content: Content): void;
  insertBottom(target: string, content: Content): void;
  insertBefore(target: string, content: Content): void;
  insertAfter(target: string, content: Content): void;
  remove(target: string): void;
  /** An action, JavaScript as text, or a function without free variables, which runs in the browser with these arguments (JSON). */
  wire(
    action: Action | string | ((...args: never[]) => unknown),
    ...args: readonly unknown[]
  ): void;
  /** Calls a function that the page's own script has registered. */
  call(name: string, ...args: readonly unknown[]): void;
  redirect(url: string): void;
  alert(text: string): void;
  /** Asks the user, and brings the postback back if the answer is yes. */
  confirm(text: string, postback: unknown): void;
  focus(target: string): void;
  /** The value of an element that the event named as a source; text unless the formatter knows better. */
  q(name: string): unknown;
  /** HTML of a content, with what it wires added to this page. */
  html(content: Content): string;
  /** Whether there is anything to do. */
  readonly isEmpty: boolean;
  /** What is to be done, in the form that the page's runtime takes: script as text, or instructions; and from then on nothing. */
  flush(runtime: Runtime): string | readonly Instruction[];
  /** Takes the values that came with an event. The protocol's, not the handlers'. */
  bring(values: ReadonlyMap<string, unknown>): void;
}
