/** The client ids of pages that speak N2O's WebSocket: each connection has one of its own, and nobody has it again. */
const FORM = /^ws-[\w-]{22}$/;

/** @param unguessable 16 random bytes in base64url: what is published for this client is for its page alone */
export function pageId(unguessable: string): string {
  return `ws-${unguessable}`;
}

export function isPageId(client: string): boolean {
  return FORM.test(client);
}
