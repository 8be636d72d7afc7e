/** Hides the password of an address: `redis://user:***@host`. */
export function masked(text: string): string {
  return text.replace(/(\/\/[^:@/]*):[^@/]*@/g, '$1:***@');
}
