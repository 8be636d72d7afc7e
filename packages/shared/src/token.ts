/** Tokens of sessions where they stand in topics. */
import { parseEvents } from './topic.ts';

/** Can this be the token of a session, which may have to stand in a topic? */
export function isToken(text: string): boolean {
  return /^[\w.~-]{1,1024}$/.test(text);
}

/** An events topic for others to look at: without the token of a session that it may end with. */
export function withoutToken(topic: string): string {
  const token = parseEvents(topic)?.token;
  return token ? topic.slice(0, -token.length) : topic;
}
