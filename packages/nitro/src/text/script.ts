/** Text inside JavaScript, such that neither its string nor the `<script>` around it ends early. */
import { N2OError } from '@n2o/shared';

const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\r': '\\r',
  '\n': '\\n',
  '"': '\\"',
  "'": "\\'",
  '`': '\\`',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** N2O's `jse`: what stands between quotes of any kind. */
export function escapeScript(text: string): string {
  return embeddable(
    text
      .replace(/[\\\r\n"'`\u2028\u2029]/g, (sign) => SIGNS[sign] as string)
      .replaceAll('${', '\\${'),
  );
}

/** What stands between backticks: quotes and line ends stay as they are. */
export function escapeTemplate(text: string): string {
  return embeddable(
    text.replace(/[\\\r`\u2028\u2029]/g, (sign) => SIGNS[sign] as string).replaceAll('${', '\\${'),
  );
}

/** Code that a `<script>` may hold: `<\/script` is the same in every string, template and pattern. */
export function embeddable(code: string): string {
  return /<(?:!--|\/script)/i.test(code) ? code.replace(/<(?=!--|\/script)/gi, '<\\') : code;
}

/** A value as JavaScript: JSON, safe in a `<script>`. @throws N2O_FORMAT_ENCODE for what JSON cannot write */
export function literal(value: unknown): string {
  if (value === undefined) return 'undefined';
  try {
    const json = JSON.stringify(value);
    if (json !== undefined) return json.replace(/[<\u2028\u2029]/g, asUnicode);
  } catch (cause) {
    throw new N2OError('N2O_FORMAT_ENCODE', undefined, { cause });
  }
  throw new N2OError('N2O_FORMAT_ENCODE', `JSON cannot write a ${typeof value}`);
}

function asUnicode(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
