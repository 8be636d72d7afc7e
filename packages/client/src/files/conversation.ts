/** What is said about one file: questions with a number each, and answers that may be errors. */
import {
  ERRORS,
  type ErrorCode,
  type FtpMessage,
  N2OError,
  readFtp,
  textOf,
  writeFtp,
} from '@n2o/shared';
import type { FileChannel } from './channel.ts';

export interface ConversationOptions {
  readonly name: string;
  /** Whatever the module is to know of the file. */
  readonly meta?: unknown;
  /** Of the session whose file it is; by default that of the client. */
  readonly token?: string;
}

export class Conversation {
  readonly #channel: FileChannel;
  readonly #options: ConversationOptions;
  readonly #id = randomId();
  #count = 0;

  constructor(channel: FileChannel, options: ConversationOptions) {
    this.#channel = channel;
    this.#options = options;
  }

  /** @throws N2OError the code of the server; whatever the channel rejects with */
  async ask(
    status: string,
    asked: Partial<FtpMessage>,
    options: Readonly<Record<string, string>> = {},
  ): Promise<FtpMessage> {
    const { name, meta = '', token = '' } = this.#options;
    const message: FtpMessage = {
      id: this.#id,
      sid: token,
      name,
      meta,
      size: 0,
      offset: 0,
      block: 1,
      data: new Uint8Array(),
      status,
      ...asked,
      options: new Map([...Object.entries(options), ['ref', String(++this.#count)]]),
    };
    const answer = readFtp('ftpack', await this.#channel.request(writeFtp('ftp', message)));
    if (answer === undefined) throw new N2OError('N2O_FORMAT_DECODE', 'no answer about a file');
    if (answer.status === 'error') throw errorIn(answer);
    return answer;
  }
}

/** `CODE text`. */
function errorIn({ data }: FtpMessage): N2OError {
  const [, code = '', text] = /^(\S+) ?(.*)$/s.exec(textOf(data) ?? '') ?? [];
  if (Object.hasOwn(ERRORS, code)) return new N2OError(code as ErrorCode, text);
  return new N2OError('N2O_HANDLER_THREW', `${code} ${text}`);
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
