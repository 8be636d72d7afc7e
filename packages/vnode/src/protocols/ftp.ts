/**
 * The ftp protocol: files come in blocks and go out in blocks, each asked for or answered by itself.
 *
 * N2O's `init` and `send` as its browser files say them; `get` fetches, `stop` forgets, `relay` passes on.
 */
import {
  type Answer,
  type Context,
  type ErrorFrame,
  type Files,
  type FtpMessage,
  type Message,
  N2OError,
  Reply,
  readFtp,
  Tuple,
  unknown,
  writeFtp,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import { provided } from '../runtime/provided.ts';
import { Spent } from '../runtime/spent.ts';
import { answerOf, mannerOf } from './answer.ts';
import { failure } from './failure.ts';
import { type Arrival, type Telling, tellOf } from './ftp-arrival.ts';
import { ownerOf } from './ftp-owner.ts';
import type { RefusingProtocol } from './refusal.ts';

export interface FtpOptions {
  /** Without it every transfer is answered with N2O_SERVICE_MISSING. */
  readonly files?: Files | undefined;
  readonly conversations?: Conversations | undefined;
  /** Whether clients get the text of any error that a module throws. */
  readonly exposeErrors?: boolean;
  /** Whether code of the application has seen the messages before. */
  readonly isOverseen?: boolean;
  /** Bytes that a block is to have, and has at most where files are fetched. */
  readonly block?: number;
}

/** What a request is worked on with. */
interface Work extends Arrival {
  readonly block: number;
  readonly isOverseen: boolean;
}

/** As N2O does: small enough to share a connection with other messages, large enough to be fast. */
const BLOCK = 262_144;

const ANSWERS: Readonly<Record<string, (message: FtpMessage, work: Work) => Promise<Reply>>> = {
  init,
  send,
  get,
  stop,
};

/** Makes the ftp protocol. */
export function createFtp(options: FtpOptions): RefusingProtocol {
  const { exposeErrors = false } = options;
  const telling: Telling = new Map();
  const ftp = ({ value }: Message, context: Context): Answer | Promise<Answer> => {
    const message = readFtp('ftp', value);
    if (message === undefined) return unknown;
    const { status } = message;
    if (status instanceof Tuple) return happened(value, context, options.conversations);
    if (status === 'relay') return context.app.relay ? relay(message, context) : unknown;
    if (!Object.hasOwn(ANSWERS, status)) return unknown;
    return answer(message, status, context, { ...options, telling }).catch(
      (thrown) => new Reply(refused(message, failure(thrown, context.log, exposeErrors))),
    );
  };
  const refuse = ({ value }: Message, frame: ErrorFrame): Answer => {
    const message = readFtp('ftp', value);
    return message === undefined ? unknown : new Reply(refused(message, frame));
  };
  return Object.assign(ftp, { refuse });
}

async function answer(
  message: FtpMessage,
  status: string,
  context: Context,
  { telling, ...options }: FtpOptions & { readonly telling: Telling },
): Promise<Reply> {
  const owner = await ownerOf(message, context);
  const { conversations, block = BLOCK, isOverseen = false } = options;
  const files = provided(options.files);
  const work = { files, conversations, block, isOverseen, owner, context, telling };
  return (ANSWERS[status] as (typeof ANSWERS)[string])(message, work);
}

/** Answers where to go on, and how much at a time; a client that wants no block only asks. */
async function init(message: FtpMessage, work: Work): Promise<Reply> {
  const { id, name, size, offset, block, options } = message;
  if (block === 0) return told(message, {});
  const fingerprint = options?.get('fingerprint');
  const announcement = { owner: work.owner, id, name, size, offset, fingerprint };
  const { offset: here, file } = await work.files.begin(announcement);
  if (file === undefined) return told(message, { offset: here, block: work.block });
  await tellOf(file, message, work);
  return told(message, { offset: here, block: 0 }, file.sha256);
}

/** Answers what is here now; a block of 0 when that is all of it, or when there is no such transfer. */
async function send(message: FtpMessage, work: Work): Promise<Reply> {
  const { id, name, size, offset, data, options } = message;
  const { files, owner, isOverseen } = work;
  const key = { owner, id, name };
  let here: number;
  try {
    here = await files.append(key, offset, data);
  } catch (thrown) {
    if (!(thrown instanceof N2OError) || thrown.code !== 'N2O_FILE_UNKNOWN') throw thrown;
    return told(message, { sid: '', block: 0 });
  }
  if (here < size) {
    const answer = acknowledged(message, { offset: here });
    return files.handsOver ? new Spent(answer, isOverseen) : new Reply(answer);
  }
  const file = await files.finish(key, options?.get('sha256') || undefined);
  await tellOf(file, message, work);
  return told(message, { sid: '', offset: here, block: 0 }, file.sha256);
}

/** Answers a block of a file; to a client that wants none, how large the file is and how to fetch it. */
async function get(message: FtpMessage, work: Work): Promise<Reply> {
  const { name, offset } = message;
  const { files, owner, block, isOverseen } = work;
  if (message.block === 0) {
    const { size, sha256 } = await files.find(owner, name);
    return told(message, { size, block }, sha256);
  }
  const count = Math.min(message.block, block);
  if (Number.isNaN(offset + count)) throw new N2OError('N2O_FILE_OFFSET');
  const data = await files.read(owner, name, offset, count);
  const answer = acknowledged(message, { block: data.length, data });
  return new Spent(answer, isOverseen, files.handsOver ? data : undefined);
}

async function stop(message: FtpMessage, { files, owner }: Work): Promise<Reply> {
  const { id, name } = message;
  await files.stop({ owner, id, name });
  return told(message, { sid: '', block: 0 });
}

/** What N2O's server tells a page of a transfer, and pages send back: the module's to answer. */
async function happened(
  value: unknown,
  context: Context,
  conversations: Conversations | undefined,
): Promise<Answer> {
  if (context.app.event === undefined) return unknown;
  const manner = await mannerOf(context, conversations);
  return answerOf(context, manner, await context.app.event(value, context));
}

/** Passes a block on to whom the module names, with an answer to the sender. */
async function relay(message: FtpMessage, context: Context): Promise<Answer> {
  const { id, name, size, offset, meta, data } = message;
  const member = await context.app.relay?.({ id, name, size, offset, meta, bytes: data }, context);
  if (member === undefined) return unknown;
  const passed = writeFtp('ftpack', { ...message, sid: '' });
  await context.services.mq.action(member, passed, { format: 'bert' });
  return new Reply(acknowledged(message, { sid: '', offset: offset + data.length }));
}

function told(...words: Parameters<typeof acknowledged>): Reply {
  return new Reply(acknowledged(...words));
}

/** An answer without the data. Clients who have asked for the hash get it; a reference comes back. */
function acknowledged(message: FtpMessage, changes: Partial<FtpMessage>, sha256?: string): Tuple {
  const { options: asked } = message;
  const options = asked && new Map<string, string>();
  const ref = asked?.get('ref');
  if (ref !== undefined) options?.set('ref', ref);
  if (sha256 !== undefined && asked?.has('sha256')) options?.set('sha256', sha256);
  return writeFtp('ftpack', { ...message, data: new Uint8Array(), options, ...changes });
}

/** What N2O's clients take for the end of the transfer, with the error as text. */
function refused(message: FtpMessage, { code, message: text }: ErrorFrame): Tuple {
  const data = new TextEncoder().encode(`${code} ${text}`);
  return acknowledged(message, { sid: '', block: 0, data, status: 'error' });
}
