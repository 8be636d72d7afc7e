/** Pages: what `main` of a module shows, at `/app/:module`. */
import {
  type Context,
  ERRORS,
  ErrorFrame,
  type HttpRequest,
  type HttpResponse,
  type Identity,
} from '@n2o/shared';
import { cookieOf, tokenOf } from './cookie.ts';
import { documentOf } from './document.ts';
import { empty, html, htmlError } from './response.ts';

const METHODS = 'GET, HEAD';

/** What N2O's runtime needs: it evaluates what the server sends. Other pages run nothing of that kind. */
const SCRIPTS = "script-src 'self' 'unsafe-inline' 'unsafe-eval'";

/**
 * Answers a request for a page. `?transport=mqtt` lets our runtime speak MQTT; `?runtime=script`
 * makes it a page for N2O's own, where the module has set `scripts`.
 * @param browserFiles address of N2O's own browser files; ours where there is none
 * @throws what `main` throws
 */
export async function answerPage(
  request: HttpRequest,
  context: Context,
  browserFiles?: string,
): Promise<HttpResponse> {
  const { app } = context;
  if (app.main === undefined) {
    return htmlError(new ErrorFrame('N2O_HTTP_PATH', ERRORS.N2O_HTTP_PATH));
  }
  if (request.method === 'GET' || request.method === 'HEAD') {
    return render(request, context, browserFiles);
  }
  return empty(request.method === 'OPTIONS' ? 204 : 405, { allow: METHODS });
}

async function render(
  request: HttpRequest,
  context: Context,
  browserFiles: string | undefined,
): Promise<HttpResponse> {
  const shown = tokenOf(request);
  context.session.adopt(await context.services.sessions.authenticate(shown));
  const query = new URLSearchParams(request.query);
  const runs = context.app.scripts === true && query.get('runtime') === 'script';
  const runtime = runs ? 'script' : 'instructions';
  const transport = query.get('transport') === 'mqtt' ? 'mqtt' : 'websocket';
  const { page, module } = context;
  const content = page.html(await context.app.main?.(context));
  const todo = page.flush(runtime);
  // Main may have renewed it.
  const identity = (await context.session.believed()) as Identity;
  const { token } = identity;
  const { formatter: format } = context.app;
  const parts = { module, token, runtime, transport, format, content, todo, browserFiles } as const;
  // A session that was prolonged under its token has a later end, which the browser must know of.
  const cookie = { 'set-cookie': cookieOf(identity, request) };
  return html(
    200,
    documentOf(parts),
    runs ? { ...cookie, 'content-security-policy': SCRIPTS } : cookie,
  );
}
