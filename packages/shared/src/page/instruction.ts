/** What our runtime in the browser is told to do with a page: data, never code. */

/** What an event of an element sends. */
export interface Binding {
  /** The pickled postback. */
  readonly pickle: string;
  /** Names of the elements whose values go along. */
  readonly source: readonly string[];
  /** Asked before it is sent. */
  readonly confirm?: string;
  /** Milliseconds without a further event before it is sent. */
  readonly delay?: number;
  /** Sent only for this key. */
  readonly key?: string;
  /** Let the browser do what it does anyway. */
  readonly passive?: boolean;
}

/** One instruction; targets are ids of elements. HTML is what the server's elements have rendered. */
export type Instruction =
  /** Replaces the element. */
  | readonly ['update', target: string, html: string]
  /** Replaces what is in it. */
  | readonly ['fill', target: string, html: string]
  | readonly ['top' | 'bottom' | 'before' | 'after', target: string, html: string]
  | readonly ['remove', target: string]
  /** Sends a postback at each event of this type (DOM name) of the element. */
  | readonly ['on', target: string, type: string, binding: Binding]
  /** Defines a function of the page that sends a postback with what it is called with: N2O's `#api`. */
  | readonly ['api', name: string, pickle: string]
  | readonly ['set', target: string, property: string, value: string | number | boolean | null]
  | readonly ['attribute', target: string, name: string, value: string | null]
  | readonly ['class', target: string, name: string, on: boolean]
  /** Sets one style, by the name that it has in script, e.g. `fontSize`: as property, so that no policy of the page stands against it. */
  | readonly ['style', target: string, name: string, value: string]
  | readonly ['focus', target: string]
  | readonly ['redirect', url: string]
  | readonly ['alert', text: string]
  /** Asks the user; if the answer is yes, the postback is sent, with no element and no values. */
  | readonly ['confirm', text: string, pickle: string | null]
  /** Makes the file input of this id send what the user picks: the elements `ftp_open`, `ftp_start` and `ftp_stop` are pressed for it, `ftp_status` shows how far it is. */
  | readonly ['upload', target: string]
  /** Calls a function that the page has registered under this name. */
  | readonly ['call', name: string, ...args: readonly unknown[]]
  /** Code, which the runtime refuses unless it was told otherwise. */
  | readonly ['script', code: string];
