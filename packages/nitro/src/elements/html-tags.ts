/** HTML's own tags, each with the element that prints it. */
import { optgroup, option, select } from './choices.ts';
import { blockquote, col, colgroup, del, details, ins, li, menu, td, th } from './content.ts';
import { fieldset } from './fieldset.ts';
import { button, form, label, meter, output, progress, textarea } from './forms.ts';
import { base, meta, metaLink } from './head.ts';
import { input } from './inputs.ts';
import { image, link } from './links.ts';
import { area, audio, canvas, embed, map, object, param, source, track, video } from './media.ts';
import type { NamesOf } from './options.ts';
import { type PlainOptions, plain, plainVoid } from './plain.ts';
import { html, iframe, script, style } from './raw.ts';
import { table, trOf } from './tables.ts';
import type { Tagged } from './tag.ts';

const PLAIN =
  'abbr address article aside b bdi bdo body caption cite code data datalist dd dfn dialog div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 head header hgroup i kbd legend main mark nav noscript ol p picture pre q rp rt ruby s samp section small span strong sub summary sup tbody template tfoot thead time title u ul var';

type Plain = { readonly [Tag in NamesOf<typeof PLAIN>]: (options?: PlainOptions) => Tagged };

const plains = Object.fromEntries(PLAIN.split(' ').map((tag) => [tag, plain(tag)])) as Plain;

/** By tag. */
export const TAGS = {
  ...plains,
  a: link,
  area,
  audio,
  base,
  blockquote,
  br: plainVoid('br'),
  button,
  canvas,
  col,
  colgroup,
  del,
  details,
  embed,
  fieldset,
  form,
  hr: plainVoid('hr'),
  html: (options?: Parameters<typeof html>[0]) => html(options),
  iframe,
  img: image,
  input,
  ins,
  label,
  li,
  link: metaLink,
  map,
  menu,
  meta,
  meter,
  object,
  optgroup,
  option,
  output,
  param,
  progress,
  script,
  select,
  source,
  style,
  table,
  td,
  textarea,
  th,
  tr: trOf,
  track,
  video,
};

export type Tags = typeof TAGS;
