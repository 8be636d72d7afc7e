/** What elements may be given, as types that follow from their rows of the table. */
import type { Action, Content } from '@n2o/shared';
import type { Source } from '../actions/event.ts';
import type { AttributeName, Attributes, Global } from './attributes.ts';

/** A row of the table of elements. */
export interface Row {
  readonly tag: string;
  /** Names of attributes, between spaces, in the order in which N2O prints them; where `id` is not among them, after N2O's usual ones. */
  readonly names: string;
  /** Values that options cannot change. */
  readonly fixed?: { readonly [Name in AttributeName]?: Attributes[Name] };
  /** Values unless options say otherwise. */
  readonly defaults?: { readonly [Name in AttributeName]?: Attributes[Name] };
  /** The tag can have nothing in it. */
  readonly void?: true;
  /** DOM name of what sends the element's postback; without it, it has none. */
  readonly event?: 'click' | 'change' | 'submit';
  /** Its own value goes along with its postback. */
  readonly self?: true;
  /** It has an id even where none is given. */
  readonly identified?: true;
}

/** What every element takes beside attributes. */
export interface Common {
  /** `false` shows nothing. */
  readonly showIf?: boolean | undefined;
  /** Done when the element is shown. */
  readonly actions?: Action | readonly Action[] | undefined;
  /** A condition in JavaScript over the event `e`, without which a postback with this element as source is not sent. N2O's runtime only. */
  readonly validation?: string | undefined;
  /** Further attributes by their names in HTML, e.g. `{ 'data-x': 1 }`. @throws N2O_PAGE_NAME */
  readonly dataFields?: Readonly<Record<string, Field>> | undefined;
  /** ARIA's attributes by their names in HTML, e.g. `{ 'aria-label': 'Send' }`. @throws N2O_PAGE_NAME */
  readonly ariaStates?: Readonly<Record<string, Field>> | undefined;
}

export type Field = string | number | boolean | null | undefined;

/** What an element with a postback takes. */
export interface Posting {
  /** What the module's `event` gets when it happens. */
  readonly postback?: unknown;
  /** Names of the elements whose values go along. */
  readonly source?: readonly Source[] | undefined;
  /** The module that gets it in place of the page's own. */
  readonly delegate?: string | undefined;
  /** JavaScript that runs before it is sent. N2O's runtime only. */
  readonly validate?: string | undefined;
}

/** What an element with a second postback takes. */
export interface Updating {
  /** Sent after the first. */
  readonly update?: unknown;
}

/** The names between the spaces of a text. */
export type NamesOf<
  Names extends string,
  Found extends string = never,
> = Names extends `${infer First} ${infer Others}` ? NamesOf<Others, Found | First> : Found | Names;

/** A row as it is, or one that no value fits if it has a name that is no attribute's. */
export type Known<R extends Row> = [Exclude<NamesOf<R['names']>, AttributeName>] extends [never]
  ? R
  : never;

/** Attributes by name, each optional. */
export type Some<Names extends AttributeName> = {
  readonly [Name in Names]?: Attributes[Name] | undefined;
};

/** The options of a row's element. */
export type OptionsOf<R extends Row> = Common &
  Some<Exclude<Extract<NamesOf<R['names']>, AttributeName> | keyof Global, keyof R['fixed']>> &
  (R extends { readonly void: true } ? unknown : { readonly body?: Content }) &
  (R extends { readonly event: string } ? Posting : unknown);
