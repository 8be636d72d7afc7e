/** Values that a page carries for the browser's own scripts: BERT in base64. */
import { createBert } from '@n2o/shared';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @throws N2O_FORMAT_ENCODE for what BERT cannot write */
export function bound(value: unknown): string {
  return base64(createBert().encode(value ?? []) as Uint8Array);
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const word = (first << 16) | (second << 8) | third;
    for (let place = 0; place < 4; place++)
      text += at + place > bytes.length ? '=' : DIGITS[(word >> (18 - 6 * place)) & 63];
  }
  return text;
}
