/** The pickler that hides nothing and believes anything: only to look into pages, never where others can reach them. */
import { createBert, createFormatters, type Pickler } from '@n2o/shared';
import { isDated } from './legacy.ts';
import { fitting, LONGEST_PICKLE } from './pickler.ts';

/** The first byte of BERT, which no JSON begins with. */
const BERT = 131;

/** Values in JSON in base64url; N2O's own plain pickles, BERT of a value and its time in base64, are read as well. */
export function createPlainPickler(): Pickler {
  const { json } = createFormatters({ integer: LONGEST_PICKLE });
  const bert = createBert();

  function read(bytes: Buffer, text: string): unknown {
    const isBert = bytes[0] === BERT;
    // What has another spelling too was not written so.
    if (bytes.toString(isBert ? 'base64' : 'base64url') !== text) return undefined;
    if (!isBert) return json.decode(bytes);
    const value = bert.decode(bytes);
    return isDated(value) ? value.items[0] : undefined;
  }

  return {
    pickle: (value) => fitting(Buffer.from(json.encode(value)).toString('base64url')),

    depickle(text) {
      if (typeof text !== 'string' || text.length > LONGEST_PICKLE) return undefined;
      try {
        return read(Buffer.from(text, 'base64'), text);
      } catch {
        return undefined;
      }
    },
  };
}
