/** Links and pictures. */
import { NOWHERE } from '../text/url.ts';
import { define } from './define.ts';
import type { OptionsOf, Row } from './options.ts';
import type { Tagged } from './tag.ts';

const LINK = {
  tag: 'a',
  names: 'href hreflang target media rel type download name onclick onmouseover',
  defaults: { href: NOWHERE },
  event: 'click',
} as const satisfies Row;

const anchor = define(LINK);

/** A link; without an address it goes nowhere, for its postback. An address that would run as code is replaced. */
export function link(
  options: OptionsOf<typeof LINK> & {
    /** The same as `href`. */
    readonly url?: string | undefined;
  } = {},
): Tagged {
  return anchor({ ...options, href: options.href ?? options.url });
}

const IMAGE = {
  tag: 'img',
  names: 'id class title style alt width height src ismap usemap',
  void: true,
} as const satisfies Row;

const img = define(IMAGE);

/** A picture. */
export function image(
  options: OptionsOf<typeof IMAGE> & {
    /** The same as `src`. */
    readonly image?: string | undefined;
  } = {},
): Tagged {
  return img({ ...options, src: options.src ?? options.image });
}
