/** Text that was written with per cent signs, as `encodeURIComponent` does. */

/** What was written; `undefined` where some per cent sign is no encoding. */
export function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
