/** Text as HTML shows it, and HTML that is shown as it is. */
import type { Element } from '@n2o/shared';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that stands for itself in a body and in a quoted attribute alike. */
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string) : text;
}

/** HTML that is shown as it is. Only for text that the application itself has written, never for what a user sent. */
export function html(text: string): Element {
  return { render: () => text };
}

/** N2O's `hte`: text as HTML whose line ends are kept, as an element. */
export function hte(text: string): Element {
  return html(escapeHtml(text).replaceAll('`', '&#39;').replaceAll('\n', '<br>'));
}
