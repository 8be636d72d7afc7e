/** Texts, values and script in the form in which they may stand in a document. */

/** As the value of an attribute in double quotes. */
export function attribute(text: string): string {
  // A token is long, and has none of them.
  if (!/[&"<]/.test(text)) return text;
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** As JSON that can stand in a script. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** An element with script that runs where it stands; empty for none. */
export function inline(script: string): string {
  if (script === '') return '';
  return `<script>${script.replace(/<(?=\/script|script|!--)/gi, '\\x3c')}</script>`;
}
