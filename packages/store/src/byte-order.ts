/** The order of texts by their UTF-8 bytes, without encoding them. */

const SURROGATES = 0xd800;
const BEHIND_SURROGATES = 0xe000;

/** Whether `a` comes before `b`. */
export function precedes(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) < rank(right);
  }
  return a.length < b.length;
}

/** UTF-8 puts what UTF-16 writes with surrogates behind all else. */
function rank(unit: number): number {
  return unit >= SURROGATES && unit < BEHIND_SURROGATES ? unit + 0x10000 : unit;
}
