/** Hides the passwords of addresses, up to the last `@` of each: `redis://user:***@host`, `?sentinelPassword=***`. */
export function masked(text: string): string {
  return text
    .replace(/(\/\/[^:@/]*):(?:(?:[^"\\]|\\.)*|[^@/,]*)@/g, '$1:***@')
    .replace(/([?&]\w*password=)[^&"]*/gi, '$1***');
}
