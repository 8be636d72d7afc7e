/** XML as Erlang's N2O writes and reads it. */
import { expect, test } from 'vitest';
import { N2OError } from '../../src/errors.ts';
import { createFormatters } from '../../src/formatters/formatters.ts';
import { binary, textOf } from '../../src/formatters/utf8.ts';
import { XmlElement } from '../../src/formatters/xml/element.ts';
import { fromTerm } from './terms.ts';
import { type Difference, type Line, run } from './vectors.ts';

const { xml } = createFormatters();

const DECLARATION = '<?xml version="1.0"?>';

/** `n2o_xml` reads an element as the tuple of its name and the values of its attributes. */
function asTuple(element: XmlElement): unknown {
  const items = [element.name, ...Object.values(element.attributes)];
  return { t: items.map((item, i) => (i === 0 ? { a: item } : { s: item })) };
}

const differences: readonly Difference[] = [
  {
    reason: 'N2O writes only its own records as XML; here io is a message as well',
    covers: (line) => line.crash === 'error:function_clause',
  },
  {
    reason: 'N2O does not read the children of an element; here this is an io',
    covers: (line) => line.xml === '<io><eval>fire();</eval><data>1</data></io>',
  },
];

test('XML is written and read as N2O does', () => {
  run(
    'xml.jsonl',
    (line: Line) => {
      if (line.kind === 'encode') {
        expect(line.crash).toBeUndefined();
        // The records cx and pi are elements whose attributes are in the order of the fields.
        const element = xml.decode(binary(String(line.xml)));
        expect(element).toBeInstanceOf(XmlElement);
        const values = Object.values((element as XmlElement).attributes);
        const fields = (fromTerm(line.term) as Iterable<unknown>)[Symbol.iterator]();
        expect((element as XmlElement).name).toBe(String(fields.next().value));
        expect(values).toStrictEqual(Array.from({ [Symbol.iterator]: () => fields }, fieldText));
        expect(DECLARATION + textOf(xml.encode(element))).toBe(line.xml);
      } else if (line.crash !== undefined) {
        expect(() => xml.decode(binary(String(line.xml)))).toThrow(N2OError);
      } else {
        const element = xml.decode(binary(String(line.xml)));
        expect(element).toBeInstanceOf(XmlElement);
        expect(asTuple(element as XmlElement)).toStrictEqual(line.term);
      }
    },
    differences,
  );
});

/** A field of a record as N2O prints it. */
function fieldText(value: unknown): string {
  if (value instanceof Uint8Array) return String(textOf(value));
  return Array.isArray(value) ? '' : String(value);
}
