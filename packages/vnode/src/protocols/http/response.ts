/** Responses of the HTTP port, in the forms that pages and resources have. */
import { type ErrorFrame, type HttpResponse, httpStatus } from '@n2o/shared';

type Headers = Readonly<Record<string, string>>;

const NOTHING = new Uint8Array();

export function html(status: number, text: string, headers: Headers = {}): HttpResponse {
  return response(status, 'text/html; charset=utf-8', text, headers);
}

/** @throws TypeError where the value has no form in JSON */
export function json(status: number, value: unknown, headers: Headers = {}): HttpResponse {
  return response(status, 'application/json; charset=utf-8', JSON.stringify(value), headers);
}

export function empty(status: number, headers: Headers = {}): HttpResponse {
  return { status, headers: withAlways(new Map(), headers), body: NOTHING };
}

/** An error as JSON, as the HTTP port writes its own. */
export function jsonError({ code, message }: ErrorFrame, headers: Headers = {}): HttpResponse {
  return json(httpStatus(code), { code, message }, headers);
}

/** An error as a page. */
export function htmlError({ code, message }: ErrorFrame): HttpResponse {
  const status = httpStatus(code);
  const text = `${code}: ${message}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return html(
    status,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${status}</title></head><body><h1>${status}</h1><p>${text}</p></body></html>`,
  );
}

function response(status: number, type: string, body: string, headers: Headers): HttpResponse {
  const all = new Map<string, string>();
  all.set('content-type', type);
  return { status, headers: withAlways(all, headers), body };
}

/** Nothing of a session is for others to keep; and a type is what we say it is. */
function withAlways(all: Map<string, string>, headers: Headers): ReadonlyMap<string, string> {
  all.set('cache-control', 'no-store');
  all.set('x-content-type-options', 'nosniff');
  for (const name of Object.keys(headers)) all.set(name, headers[name] as string);
  return all;
}
