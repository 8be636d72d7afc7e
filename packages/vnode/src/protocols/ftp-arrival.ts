/** What happens when a file is here: its module is told, and what that says goes to the page. */
import {
  atom,
  type Context,
  type Files,
  type FtpMessage,
  Reply,
  type StoredFile,
  tuple,
  unknown,
  writeFtp,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import { answerOf, mannerOf } from './answer.ts';

export interface Arrival {
  readonly files: Files;
  readonly conversations: Conversations | undefined;
  readonly owner: string;
  readonly context: Context;
  readonly telling: Telling;
}

/** Files of which modules are being told, until they have answered. */
export type Telling = Map<string, Promise<void>>;

/** N2O's word for it. */
const STOPPED = tuple(atom('event'), atom('stop'));

/**
 * Tells the module once; again only where the worker died over it. Who asks again meanwhile, because
 * that takes longer than an event may, waits for what becomes of it.
 */
export function tellOf(file: StoredFile, message: FtpMessage, arrival: Arrival): Promise<void> {
  if (file.isAccepted) return Promise.resolve();
  const { telling } = arrival;
  const name = `${file.at} ${file.path}`;
  const known = telling.get(name);
  if (known !== undefined) return known;
  const end = tell(file, message, arrival).finally(() => telling.delete(name));
  telling.set(name, end);
  return end;
}

/** A file over which the module throws is removed. */
async function tell(file: StoredFile, message: FtpMessage, arrival: Arrival): Promise<void> {
  const { files, owner } = arrival;
  let result: unknown;
  try {
    result = await told(file, message, arrival.context);
  } catch (thrown) {
    await files.remove(owner, file.name);
    throw thrown;
  }
  await files.accept(owner, file.name);
  await show(result, arrival);
}

/** A module without `file` gets what N2O's would. */
function told(file: StoredFile, message: FtpMessage, context: Context): unknown {
  const { id, meta } = message;
  const { name, size, path, sha256 } = file;
  const { app } = context;
  if (app.file) return app.file({ id, name, size, path, sha256, meta }, context);
  const data = new Uint8Array();
  const block = { ...message, sid: '', name, offset: size, block: 0, data, status: STOPPED };
  return app.event?.(writeFtp('ftp', block), context);
}

/** The answer to the block is the protocol's own, so this goes as an action of its own. */
async function show(result: unknown, { context, conversations }: Arrival): Promise<void> {
  const isSilent = result instanceof Reply && result.value === undefined;
  const said = isSilent || result === unknown ? undefined : result;
  if (said === undefined && context.page.isEmpty) return;
  const manner = await mannerOf(context, conversations);
  const { value, format } = answerOf(context, manner, said) as Reply;
  await context.services.mq.action(context, value, { format: format === 'json' ? 'json' : 'bert' });
}
