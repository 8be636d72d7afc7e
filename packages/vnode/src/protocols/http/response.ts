/** Responses of the HTTP port, in the forms that pages and resources have. */
import { binary, type ErrorFrame, type HttpResponse, httpStatus } from '@n2o/shared';

type Headers = Readonly<Record<string, string>>;

/** Nothing of a session is for others to keep; and a type is what we say it is. */
const ALWAYS: Headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function html(status: number, text: string, headers: Headers = {}): HttpResponse {
  return response(status, 'text/html; charset=utf-8', text, headers);
}

/** @throws TypeError where the value has no form in JSON */
export function json(status: number, value: unknown, headers: Headers = {}): HttpResponse {
  return response(status, 'application/json; charset=utf-8', JSON.stringify(value), headers);
}

export function empty(status: number, headers: Headers = {}): HttpResponse {
  return { status, headers: new Map(Object.entries({ ...ALWAYS, ...headers })), body: binary('') };
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

/** The answer to HEAD: what GET would be answered, without it. */
export function headOf({ status, headers, body }: HttpResponse): HttpResponse {
  const length = ['content-length', String(body.length)] as const;
  return { status, headers: new Map([...headers, length]), body: binary('') };
}

function response(status: number, type: string, text: string, headers: Headers): HttpResponse {
  const all = { 'content-type': type, ...ALWAYS, ...headers };
  return { status, headers: new Map(Object.entries(all)), body: binary(text) };
}
