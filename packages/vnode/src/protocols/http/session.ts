/** The cookie of a session that goes on under another token: asked for by the page that has been given that. */
import {
  type Context,
  ERRORS,
  type ErrorCode,
  ErrorFrame,
  type HttpRequest,
  type HttpResponse,
} from '@n2o/shared';
import { cookieOf, cookieTokenOf } from './cookie.ts';
import { empty, jsonError } from './response.ts';

/**
 * Answers with the cookie of the session whose token the header `x-auth-token` shows; the HTTP port
 * lets only scripts of its own pages ask. A browser without one gets none: no session begins here. And
 * none that the browser is in is given up for another: a renewal has ended the one before, so whoever
 * finds one that goes on brings a token from somewhere else.
 * @throws N2O_STORE_UNAVAILABLE
 */
export async function answerSession(
  request: HttpRequest,
  { services: { sessions } }: Context,
): Promise<HttpResponse> {
  const next = await sessions.find(request.headers.get('x-auth-token') ?? '');
  if (next === undefined) return refused('N2O_SESSION_NONE');
  const shown = cookieTokenOf(request);
  if (shown === '') return empty(204);
  const present = await sessions.find(shown);
  if (present !== undefined && present.sid !== next.sid) return refused('N2O_SESSION_OTHER');
  return empty(204, { 'set-cookie': cookieOf(next, request) });
}

function refused(code: ErrorCode): HttpResponse {
  return jsonError(new ErrorFrame(code, ERRORS[code]));
}
