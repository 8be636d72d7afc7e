/** The vnode's side of a page, for links in the hands of a test. */
import {
  createBert,
  ERRORS,
  type ErrorCode,
  ErrorFrame,
  type Event,
  type HttpRequest,
  readRequest,
  writeResponse,
} from '@n2o/shared';

const bert = createBert();

/** What an event asks. */
export function requestOf({ payload }: Event): HttpRequest {
  return readRequest(bert.decode(payload)) as HttpRequest;
}

/** Settles an event with an answer of HTTP. */
export function respondTo(
  event: Event,
  text: string,
  status = 200,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(text);
  const answer = { status, headers: new Map(Object.entries(headers)), body };
  event.settle('reply', bert.encode(writeResponse(answer)));
}

/** Settles an event with an error. */
export function failTo(event: Event, code: ErrorCode): void {
  event.settle('reply', bert.encode(new ErrorFrame(code, ERRORS[code])));
}
