/** The http protocol: answers what the HTTP port asks on behalf of a browser. */
import {
  type Answer,
  type Context,
  type ErrorFrame,
  type HttpRequest,
  type HttpResponse,
  type Message,
  Reply,
  readRequest,
  unknown,
  writeResponse,
} from '@n2o/shared';
import { failure } from './failure.ts';
import { answerPage } from './http/page.ts';
import { answerResource } from './http/resource.ts';
import { htmlError, jsonError } from './http/response.ts';
import { answerSession } from './http/session.ts';
import type { RefusingProtocol } from './refusal.ts';

export interface HttpOptions {
  /** Whether answers have the text of any error that a handler throws. */
  readonly exposeErrors: boolean;
  /** Address of N2O's own browser files, which pages for its runtime load; ours without one. */
  readonly browserFiles?: string | undefined;
}

const ANSWERS = { app: answerPage, rest: answerResource, session: answerSession } as const;

/** Makes the http protocol. What a client of another kind says is never taken for a request. */
export function createHttp(options: HttpOptions): RefusingProtocol {
  const http = ({ value }: Message, context: Context): Answer | Promise<Answer> => {
    const request = context.origin === 'http' ? readRequest(value) : undefined;
    return request === undefined ? unknown : answer(request, context, options);
  };
  // Who asked is known by the message alone here; to a device that forged one it does no harm.
  const refuse = ({ value }: Message, frame: ErrorFrame): Answer => {
    const request = readRequest(value);
    return request === undefined ? unknown : replyOf(errorOf(request, frame));
  };
  return Object.assign(http, { refuse });
}

async function answer(
  request: HttpRequest,
  context: Context,
  { exposeErrors, browserFiles }: HttpOptions,
): Promise<Answer> {
  try {
    const response = await ANSWERS[request.kind](request, context, browserFiles);
    return replyOf(response);
  } catch (thrown) {
    return replyOf(errorOf(request, failure(thrown, context.log, exposeErrors)));
  }
}

function errorOf({ kind }: HttpRequest, frame: ErrorFrame): HttpResponse {
  return kind === 'app' ? htmlError(frame) : jsonError(frame);
}

function replyOf(response: HttpResponse): Reply {
  return new Reply(writeResponse(response), 'bert');
}
