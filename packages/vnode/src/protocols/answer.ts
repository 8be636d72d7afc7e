/** What a page's protocols answer: what the page is to do, and what the handler returned. */
import {
  type Answer,
  binary,
  type Context,
  ErrorFrame,
  type Format,
  Io,
  Reply,
  type Runtime,
  unknown,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';

/** What protocols for pages are made of. */
export interface PageProtocolOptions {
  /** Without it what clients say to pages is answered with N2O_SERVICE_MISSING. */
  readonly conversations?: Conversations | undefined;
}

/** How a client is answered. */
export interface Manner {
  readonly runtime: Runtime;
  readonly format: Format;
}

/**
 * A client is answered as it has spoken; what server code says, it gets as it began the
 * conversation. Who has begun none is taken for a page of N2O's. What is rendered for it from then on
 * is its session's.
 */
export async function mannerOf(
  context: Context,
  conversations: Conversations | undefined,
): Promise<Manner> {
  const begun = await conversations?.of(context);
  if (begun?.identity !== undefined) context.session.adopt(begun.identity);
  const format = context.origin === undefined ? context.format : begun?.format;
  return {
    runtime: begun?.runtime ?? 'script',
    format: context.app.formatter ?? format ?? 'bert',
  };
}

/**
 * N2O's `io`. Script is a binary in BERT; instructions are their JSON there, because text beyond
 * Latin-1 has no form of its own in BERT.
 */
export function ioOf({ page }: Context, { runtime, format }: Manner, data: unknown): Reply {
  const todo = page.flush(runtime);
  if (format !== 'bert') return new Reply(new Io(todo, data), format);
  const text = typeof todo === 'string' ? todo : JSON.stringify(todo);
  return new Reply(new Io(binary(text), data), format);
}

/** No data: an empty binary in BERT, an empty text elsewhere. */
export function noData({ format }: Manner): unknown {
  return format === 'bert' ? binary('') : '';
}

/**
 * What a handler has returned, with what it asked of the page. An error frame goes alone, `unknown`
 * leaves the message to other protocols, and a reply may name a format of its own.
 */
export function answerOf(context: Context, manner: Manner, result: unknown): Answer {
  if (result === unknown) return unknown;
  if (result instanceof ErrorFrame) return new Reply(result, manner.format);
  if (result instanceof Reply) {
    const format = result.format ?? manner.format;
    return ioOf(context, { ...manner, format }, result.value);
  }
  return ioOf(context, manner, result === undefined ? noData(manner) : result);
}
