/** N2O's NITRO: pages as functions. */
export { bind, jq, type Target } from './actions/bind.ts';
export { call, run } from './actions/code.ts';
export { alert, confirm, redirect } from './actions/dialog.ts';
export { api, type EventOptions, event, type Source } from './actions/event.ts';
export { insert, multi, type Position, replace, wire } from './actions/manage.ts';
export { clear, focus, hide, remove, setAttribute, setStyle, show } from './actions/target.ts';
export type { Attributes, Global, Handlers, Words } from './elements/attributes.ts';
export { checkbox, type Radio, radio, radiogroup } from './elements/boxes.ts';
export { type CalendarOptions, calendar, type Day } from './elements/calendar.ts';
export { type Choice, dropdown, optgroup, option, select } from './elements/choices.ts';
export { comboLookupEdit, comboLookupText, koatuu } from './elements/combo/edit.ts';
export {
  comboLookupGroup,
  comboLookupGroupItem,
  comboLookupGroupList,
} from './elements/combo/group.ts';
export type { Item } from './elements/combo/item.ts';
export { comboLookup, type LookupOptions } from './elements/combo/lookup.ts';
export { comboLookupModify, comboLookupModifyItem } from './elements/combo/modify.ts';
export {
  comboLookupVec,
  multipleInput,
  sortableItem,
  sortableList,
} from './elements/combo/sortable.ts';
export {
  blockquote,
  col,
  colgroup,
  command,
  del,
  details,
  ins,
  li,
  menu,
  td,
  th,
} from './elements/content.ts';
export { fieldset, submit } from './elements/fieldset.ts';
export {
  button,
  form,
  keygen,
  label,
  meter,
  output,
  progress,
  textarea,
} from './elements/forms.ts';
export { base, meta, metaLink } from './elements/head.ts';
export {
  color,
  date,
  datetime,
  datetimeLocal,
  email,
  file,
  hidden,
  input,
  inputButton,
  inputImage,
  inputTime,
  month,
  number,
  password,
  range,
  reset,
  search,
  tel,
  textbox,
  url,
  week,
} from './elements/inputs.ts';
export { image, link } from './elements/links.ts';
export { list, literal } from './elements/lists.ts';
export {
  area,
  audio,
  canvas,
  embed,
  map,
  object,
  param,
  source,
  track,
  video,
} from './elements/media.ts';
export type { Common, OptionsOf, Posting, Row } from './elements/options.ts';
export { custom, type PlainOptions } from './elements/plain.ts';
export { html, iframe, script, style } from './elements/raw.ts';
export {
  address,
  article,
  aside,
  body,
  footer,
  h1,
  h2,
  h3,
  h4,
  h5,
  h6,
  head,
  header,
  hgroup,
  main,
  nav,
  noscript,
  section,
  title,
} from './elements/sections.ts';
export { table, tr } from './elements/tables.ts';
export type { Tagged } from './elements/tag.ts';
export {
  author,
  br,
  caption,
  code,
  datalist,
  dd,
  div,
  dl,
  dt,
  figcaption,
  figure,
  hr,
  legend,
  mark,
  message,
  ol,
  p,
  panel,
  pre,
  span,
  summary,
  tbody,
  template,
  tfoot,
  thead,
  ul,
} from './elements/text.ts';
export { upload } from './elements/upload.ts';
export { countIds, createPage, type PageOptions } from './page.ts';
export { escapeHtml, hte } from './text/html.ts';
export { escapeScript, escapeScript as jse } from './text/script.ts';
export { urlDecode, urlEncode } from './text/url.ts';
