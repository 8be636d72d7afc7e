/** How values look in XML, and what is refused. */
import { expect, test, vi } from 'vitest';
import { atom } from '../../src/formatters/bert/atom.ts';
import { createFormatters } from '../../src/formatters/formatters.ts';
import { binary, textOf } from '../../src/formatters/utf8.ts';
import { XmlElement } from '../../src/formatters/xml/element.ts';
import { ErrorFrame, Io } from '../../src/message.ts';

const { xml } = createFormatters();

const written = (value: unknown) => textOf(xml.encode(value));
const read = (text: string) => xml.decode(binary(text));

const code = (expected: string) => expect.objectContaining({ code: expected });
const element = (...children: (XmlElement | string)[]) => new XmlElement('a', {}, children);

test.each<readonly [unknown, string]>([
  [new Io('fire();', '1'), '<io><eval>fire();</eval><data>"1"</data></io>'],
  [
    new Io('a < b && "c"', { x: '<' }),
    '<io><eval>a &lt; b &amp;&amp; "c"</eval><data>{"x":"&lt;"}</data></io>',
  ],
  [new Io('x', new XmlElement('b')), '<io><eval>x</eval><data><b/></data></io>'],
  [new Io('\u0000', 1), '<io><eval>"\\u0000"</eval><data>1</data></io>'],
  [new ErrorFrame('E', 'no & yes'), '<error><code>E</code><message>no &amp; yes</message></error>'],
  ['PONG', '<data>PONG</data>'],
  [21.5, '<data>21.5</data>'],
  [{ a: 1 }, '<data>{"a":1}</data>'],
  [
    new XmlElement('t', { id: '1"', 'x:y': '\n' }, ['21', new XmlElement('c'), ']]>']),
    '<t id="1&quot;" x:y="&#10;">21<c/>]]&gt;</t>',
  ],
])('%j', (value, form) => {
  expect(written(value)).toBe(form);
  expect(read(form)).toStrictEqual(value);
});

test.each<readonly [string, unknown]>([
  ['\ufeff<?xml version="1.0"?>\n<!-- c --><a/>\n<!-- d -->\n', element()],
  ['<a\n\tb = "1"\n c=\'"\' ></a >', new XmlElement('a', { b: '1', c: '"' })],
  ['<a>1<!-- c -->2<?pi ?>3<![CDATA[<&amp;>]]>4</a>', element('123<&amp;>4')],
  ['<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F525;</a>', element('<>&"\'A🔥')],
  ['<a>x\r\ny\rz</a>', element('x\ny\nz')],
  ['<a> <b/> </a>', element(' ', new XmlElement('b'), ' ')],
  [
    '<a constructor="1" toString="2"/>',
    new XmlElement('a', { constructor: '1', toString: '2' } as never),
  ],
  ['<io>\n  <eval>f</eval>\n  <data> 1 </data>\n</io>', new Io('f', 1)],
  ['<io><eval>f</eval><data>\n<b/>\n</data></io>', new Io('f', new XmlElement('b'))],
  ['<error><code>1</code><message>2</message></error>', new ErrorFrame('1', '2')],
  ['<data/>', ''],
])('%j is read', (text, value) => {
  expect(read(text)).toStrictEqual(value);
});

test.each([
  '<io eval="fire();" data="1"/>',
  '<io><eval>f</eval></io>',
  '<io><data>1</data><eval>f</eval></io>',
  '<io><eval>f</eval><data>1<b/></data></io>',
  '<io><eval a="1">f</eval><data>1</data></io>',
  '<error><code>E</code></error>',
  '<error><code><b/></code><message>no</message></error>',
  '<data unit="C">21</data>',
  '<data><b/></data>',
])('what only resembles a message is an element: %s', (text) => {
  const value = read(text);
  expect(value).toBeInstanceOf(XmlElement);
  expect(written(value)).toBe(text);
});

test.each([
  '',
  'x',
  '<',
  '<a',
  '<a>',
  '<a b>',
  '<a b=1/>',
  '<a b="1"c="2"/>',
  '<a b="1" b="2"/>',
  '<a b="<"/>',
  '<a></b>',
  '<a/><b/>',
  '<a/>x',
  'x<a/>',
  '<1/>',
  '<a>&nbsp;</a>',
  '<a>& </a>',
  '<a>&#0;</a>',
  '<a>&#xD800;</a>',
  '<a>&#1114112;</a>',
  '<a>\u0001</a>',
  '<a><![CDATA[</a>',
  '<a><!-- </a>',
  '<!DOCTYPE a><a/>',
  '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><lolz>&lol2;</lolz>',
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
  '<__proto__/>',
  '<a __proto__="1"/>',
])('what is not well formed is refused, and so are document types: %j', (text) => {
  expect(() => read(text)).toThrow(code('N2O_FORMAT_DECODE'));
});

const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);

test('what is within the limits is read, what is beyond is refused', () => {
  const strict = createFormatters({ depth: 5, terms: 4 }).xml;
  const decode = (text: string) => strict.decode(binary(text));
  expect(decode(nested(4))).toBeInstanceOf(XmlElement);
  expect(() => decode(nested(6))).toThrow(code('N2O_FORMAT_LIMIT'));
  expect(decode('<a><b/><b/><b/></a>')).toBeInstanceOf(XmlElement);
  expect(() => decode('<a><b/><b/><b/><b/></a>')).toThrow(code('N2O_FORMAT_LIMIT'));
  expect(() => decode('<a b="" c="" d="" e=""/>')).toThrow(code('N2O_FORMAT_LIMIT'));
  expect(() => xml.encode(new XmlElement('a', {}, [deep(100)]))).toThrow(code('N2O_FORMAT_ENCODE'));
});

test('what is nested too deeply in a field is refused unread, and a text like it comes back', () => {
  const parse = vi.spyOn(JSON, 'parse');
  const brackets = '['.repeat(500_000);
  const closed = `<data>${brackets}${']'.repeat(500_000)}</data>`;
  expect(() => read(closed)).toThrow(code('N2O_FORMAT_LIMIT'));
  expect(() => read(`<data>${brackets}</data>`)).toThrow(code('N2O_FORMAT_LIMIT'));
  expect(parse).not.toHaveBeenCalled();
  const text = '{['.repeat(200);
  expect(written(text)).toBe(`<data>"${text}"</data>`);
  expect(read(`<data>"${text}"</data>`)).toBe(text);
});

function deep(depth: number): XmlElement {
  return depth === 0 ? element() : element(deep(depth - 1));
}

test.each([
  new XmlElement('a b'),
  new XmlElement('__proto__'),
  new XmlElement('a', { 'b"': '1' }),
  new XmlElement('a', {}, ['\u0000']),
  new XmlElement('a', { b: '\ud800' }),
])('an element that XML cannot hold is refused: %j', (value) => {
  expect(() => xml.encode(value)).toThrow(code('N2O_FORMAT_ENCODE'));
});

test('what XML has no form for is JSON in an element', () => {
  expect(written(atom('ok'))).toBe('<data>{"t":131,"v":{"t":100,"v":"ok"}}</data>');
});
