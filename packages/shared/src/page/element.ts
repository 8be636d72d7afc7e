/** What pages are made of: elements that become HTML, and actions that become code or instructions. */
import type { Instruction } from './instruction.ts';

/** How a page's runtime takes actions: N2O's own evaluates script, ours follows instructions. */
export type Runtime = 'script' | 'instructions';

/** Something to show. Text is escaped; `undefined`, `null` and `false` show nothing. */
export type Content =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Element
  | readonly Content[];

/** An element of a page. */
export interface Element {
  /** Its HTML; what it wires goes to the renderer. */
  render(renderer: Renderer): string;
}

/** Something that a page is to do. */
export interface Action {
  /** As JavaScript for N2O's runtime. */
  script(renderer: Renderer): string;
  /** As instructions for ours. @throws N2O_PAGE_SCRIPT where it is code that has no such form */
  instructions(renderer: Renderer): readonly Instruction[];
}

/** What a postback brings back to the server: N2O's `#ev`. */
export interface Postback {
  /** The module whose function gets it. */
  readonly module: string;
  /** What that gets. */
  readonly message: unknown;
  /** The element that it belongs to. */
  readonly trigger: string;
  /** The function of the module: `event`, `api_event`, or one of the page's own. */
  readonly name: string;
  /** Whose it is: nobody else can send it. The server sets it; a postback without one is everybody's. */
  readonly owner?: string | undefined;
}

/** What elements and actions are rendered with. */
export interface Renderer {
  /** The module of the page. */
  readonly module: string;
  /** Text that brings a postback back. */
  pickle(postback: Postback): string;
  /** Adds an action to what the page is to do. */
  wire(action: Action): void;
  /** An id that no other element of this page has. */
  newId(): string;
}
