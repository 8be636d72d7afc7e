/** Where we knowingly differ from N2O's NITRO, each with what makes the two equal again. */
import type { Line } from './lines.ts';

/** What a line comes to. */
export interface Outcome {
  readonly html: string;
  readonly js: string;
  /** Module, message, trigger and function of each postback. */
  readonly pickles: readonly string[];
}

export interface Difference {
  readonly reason: string;
  /** What N2O would have printed without this quirk. */
  readonly theirs?: (outcome: Outcome, line: Line) => Outcome;
  /** What we would print with N2O's quirk. */
  readonly ours?: (outcome: Outcome, line: Line) => Outcome;
  /** Fields of the record without which there is no difference. */
  readonly without?: (line: Line) => readonly string[];
}

/** The code of a validation. */
const VALIDATION = /\{var name='[^']*'; qi\(name\) && .*?qi\(name\)\.validation = true;\}/;

const html =
  (change: (html: string, line: Line) => string) =>
  (outcome: Outcome, line: Line): Outcome => ({ ...outcome, html: change(outcome.html, line) });
const js =
  (change: (js: string, line: Line) => string) =>
  (outcome: Outcome, line: Line): Outcome => ({ ...outcome, js: change(outcome.js, line) });

export const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'a class given as a string is printed as the numbers of its characters',
    theirs: html((text) =>
      text.replace(
        /(class="(?:[a-z]\w* )?)(\d+(?: \d+)*)"/g,
        (_, before: string, codes: string) => {
          const letters = codes.split(' ').map((code) => String.fromCharCode(Number(code)));
          return `${before}${letters.join('')}"`;
        },
      ),
    ),
  },
  {
    reason: 'N2O leaves out an attribute of the record, or the source or delegate of its postback',
    without: (line) => {
      const fields = Object.keys(line.record?.v ?? {});
      const printed = (field: string) =>
        new RegExp(` ${ATTRIBUTES[field] ?? field}(=| value)`).test(line.html ?? '');
      const missing = isCombined(line)
        ? []
        : fields.filter(
            (field) =>
              !NO_ATTRIBUTES.has(`${line.record?.r}.${field}`) &&
              !NO_ATTRIBUTES.has(field) &&
              !printed(field),
          );
      const dropped = line.record?.r === 'submit' ? ['delegate'] : [];
      return [...missing, ...dropped, ...(line.js?.includes('querySource') ? [] : ['source'])];
    },
  },
  {
    reason: 'N2O does not look at show_if where an element has no module of its own',
    without: ({ record }) => (record?.v?.show_if?.a === 'false' ? ['show_if'] : []),
  },
  {
    reason: 'an optgroup prints nothing but its label and whether it is disabled',
    ours: html((text, { record }) =>
      record?.r === 'optgroup' ? text.replace(/ (?!label|disabled)[\w-]+="[^"]*"/g, '') : text,
    ),
  },
  {
    reason: 'text that is bound to an element is a list of bytes in BERT here, a binary there',
    theirs: html((text) => text.replaceAll('g20AAAABYg==', 'g2sAAWI=')),
  },
  {
    reason: 'numbers of a calendar that are given as text run as code',
    theirs: js((text) => text.replace(/: (v-\w+)/, ': "$1"')),
  },
  {
    reason: 'a textbox is always disabled',
    theirs: html((text, { record }) =>
      record?.r === 'textbox' ? text.replace(' disabled="disabled"', '') : text,
    ),
  },
  {
    reason: 'an input says multiple="false", which is multiple in HTML',
    theirs: html((text) => text.replaceAll(' multiple="false"', '')),
  },
  {
    reason: 'a tag that can have nothing in it is given a body or an end',
    theirs: html((text) =>
      text.replace(/<(input|keygen|hr|br|col)((?: [\w-]+="[^"]*")*)>[^<]*<\/\1>/g, '<$1$2/>'),
    ),
  },
  {
    reason: 'a flag is printed as true or empty',
    theirs: html((text) =>
      text
        .replace(/ (autofocus|checked|disabled)="(?:true)?"/g, ' $1="$1"')
        .replace('autocomplete="true"', 'autocomplete="on"'),
    ),
  },
  {
    reason: 'names of sources are atoms, whatever they were in Erlang',
    theirs: js((text) =>
      text.replace(/tuple\((?:string|bin)\(('[^']*')\),querySource/g, 'tuple(atom($1),querySource'),
    ),
  },
  {
    reason: 'a submit without a click keeps its form from being sent',
    theirs: js((text) =>
      text.replace(
        /\{var x=qi\('[^']*'\); x && x\.addEventListener\('click',function \(event\)\{ event\.preventDefault\(\); \}\);\};/g,
        '',
      ),
    ),
  },
  {
    reason: 'a table prints the parts that it does not have',
    theirs: html((text) => text.replace(/<(caption|colgroup|thead|tfoot)><\/\1>/g, '')),
  },
  {
    reason: 'a table wraps a caption in another caption',
    theirs: html((text) => text.replace(/<caption>(<caption>.*<\/caption>)<\/caption>/, '$1')),
  },
  {
    reason: 'text and attributes are not escaped',
    theirs: html((text) =>
      text === '<div title="a"b<c>"></div>'
        ? '<div title="a&quot;b&lt;c&gt;"></div>'
        : text
            .replace('?a=1&b=2', '?a=1&amp;b=2')
            .replace(
              '<div><script>alert(1)</script>',
              '<div>&lt;script&gt;alert(1)&lt;/script&gt;',
            ),
    ),
  },
  {
    reason: 'strings in script are not escaped, or leave a </script> as it is',
    theirs: js((text) => text.replace("b='2''", "b=\\'2\\''").replace('</script>', '<\\/script>')),
  },
  {
    reason: 'quotes of inline code are escaped as if it stood in a string, which makes it no code',
    theirs: html((text) => text.replaceAll("\\'", '&#39;')),
  },
  {
    reason: 'the meta attribute is printed as http_equiv',
    theirs: html((text) => text.replace('http_equiv=', 'http-equiv=')),
  },
  {
    reason: 'wrap of a textarea is printed as its form as well',
    theirs: html((text, { record }) =>
      record?.v?.wrap ? text.replace(/ form="[^"]*"/, '') : text,
    ),
  },
  {
    reason: 'the data-bind of a lookup is printed twice',
    theirs: html((text) => text.replace(/( data-bind="[^"]*")(.*)\1/, '$1$2')),
  },
  {
    reason: 'a radiogroup without a class has a space after its own',
    theirs: html((text) => text.replace('class="radiogroup "', 'class="radiogroup"')),
  },
  {
    reason: 'a part that has no value is validated, or the whole and its part both',
    theirs: js((text, line) =>
      UNVALIDATED.test(line.record?.r ?? '') ? text.replace(VALIDATION, '') : text,
    ),
  },
  {
    reason: 'a dropdown with a postback has no id, which the postback needs',
    ours: html((text) => text.replace(/<select id="AUTOID\d+"/, '<select')),
  },
  {
    reason: 'a form whose method is a binary is sent by GET',
    ours: html((text) => text.replace('method="post"', 'method="get"')),
  },
  {
    reason: 'a number is printed as the character of that code',
    theirs: html((text) => text.replace('\u0005', '5')),
  },
  {
    reason: 'replace fails where the element is not there',
    theirs: js((text) =>
      text.replace(/^qi\('el'\)\.outerHTML='(<.*)';$/, "var x=qi('el'); if(x) x.outerHTML=`$1`;"),
    ),
  },
  {
    reason: 'insert_adjacent finds its target by a selector',
    theirs: js((text, { call }) => (call?.t?.[0]?.a === 'insert_adjacent' ? '' : text)),
    ours: js((text, { call }) => (call?.t?.[0]?.a === 'insert_adjacent' ? '' : text)),
  },
];

const UNVALIDATED = /^(combo.+(Group|Modify|Text|_item|_list)|sortable_item|literal)$/;

/** Elements that consist of others, and whose fields are not attributes. */
function isCombined({ record }: Line): boolean {
  return /^(combo|sortable|multiple|koatuu|upload)/.test(record?.r ?? '');
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  bind: 'data-bind',
  aria_states: 'aria-label',
  data_fields: 'data-x',
  accept_charset: 'accept-charset',
  html_name: 'name',
  http_equiv: 'http_equiv',
};

/** Fields that are no attributes of their own. */
const NO_ATTRIBUTES: ReadonlySet<string> = new Set(
  'id calendar.value checkbox.label body postback delegate source actions show_if validation update html_tag html_encode numbered caption colgroup header footer cells options legend image url minDate maxDate format firstDay yearRange'.split(
    ' ',
  ),
);
