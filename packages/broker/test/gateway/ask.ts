/** Requests of HTTP, as all tests make them. */
export { type Answer, ask } from '../../../../test/support/ask.ts';
