import { atom, binary, defineModule, Io, readFtp, Tuple, tuple, writeFtp } from '@n2o/shared';
import { expect, it } from 'vitest';
import { Tally } from '../services/tally.ts';
import { fromTerm, lines } from '../services/vectors.ts';
import { type Exchange, startExchange } from './ftp-exchange.ts';

interface Step {
  readonly in: { readonly term: unknown };
  readonly out: { readonly kind: string; readonly term?: unknown; readonly hex?: string };
  readonly pushed?: readonly { readonly message: unknown }[];
}

interface Conversation {
  readonly impl: string;
  readonly name: string;
  readonly steps: readonly Step[];
  readonly files_after: readonly { readonly name: string; readonly content: string }[];
}

/** What the folder held before, under a name that these conversations send. */
const BEFORE: Readonly<Record<string, string>> = {
  'FTP: the file is there in part, init answers its size as the offset to go on from': 'abcd',
  'FTP: offset beyond what is stored': 'ab',
};

const PATH = 'the name in an answer is that of the file, not a path of the server';
const STACK = 'a transfer that is not known is answered as N2O 6 does, not with a stack trace';
const PUSH = 'the beginning of a transfer is not told to the page as well';
const PARTS = 'what is not complete is not among the files';

/** The page of the vectors, as far as files go. */
const index = defineModule({
  event(message, { page }) {
    const { status, name } = readFtp('ftp', message) ?? {};
    if (status === undefined) return tuple(atom('unhandled'), message);
    page.wire('uploaded();');
    return tuple(atom('ftp_event'), status, binary(name ?? ''));
  },
});

const ours = (lines('frames.jsonl') as unknown as Conversation[]).filter(({ name }) =>
  name.startsWith('FTP'),
);

/** Holds one step to the vector; returns the reasons for which it may differ, and does. */
async function check(step: Step, exchange: Exchange): Promise<string[]> {
  const { actions, say } = exchange;
  const before = actions.length;
  const said = fromTerm(step.in.term) as Tuple;
  const answer = await say(said);
  if (step.out.term === undefined) {
    expect(step.out.hex).toBe('');
    expect(answer).toBeUndefined();
    return [];
  }
  const expected = fromTerm(step.out.term) as Tuple;
  const ended = step.pushed?.map(({ message }) => fromTerm(message)).map(unwrapped);
  const reasons: string[] = [];
  if (expected.items[0] === atom('error')) {
    const message = readFtp('ftp', said);
    expect(readFtp('ftpack', answer)).toMatchObject({ id: message?.id, block: 0, status: 'send' });
    return [STACK];
  }
  if (answer instanceof Io) {
    expect(answer).toEqual(new Io(binary('uploaded();'), expected.items[2]));
    return [];
  }
  const wanted = [...expected.items];
  if (String(text(wanted[3])).startsWith('/srv/upload/')) {
    reasons.push(PATH);
    wanted[3] = binary(text(wanted[3]).slice('/srv/upload/'.length));
  }
  // The token of a session, which comes back as it was sent.
  if (text(wanted[2]) === 'PICKLE') wanted[2] = said.items[2];
  expect((answer as Tuple).items).toEqual(wanted);
  if (ended?.[0] !== undefined) {
    const { status } = readFtp('ftp', ended[0]) ?? {};
    if (status === 'init') reasons.push(PUSH);
    else {
      const data = tuple(atom('ftp_event'), status, binary('f.txt'));
      expect(actions.slice(before)).toEqual([
        { topic: 'actions/1/index/c', value: new Io(binary('uploaded();'), data) },
      ]);
    }
  }
  return reasons;
}

function unwrapped(message: unknown): unknown {
  const isDirect = message instanceof Tuple && message.items[0] === atom('direct');
  return isDirect ? message.items[1] : message;
}

function text(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}

it("holds N2O's conversations with files, but for the differences that are known", async () => {
  const tally = new Tally([PATH, STACK, PUSH, PARTS]);
  let [steps, different] = [0, 0];
  for (const { impl, name, steps: all, files_after: after } of ours) {
    const exchange = await startExchange(index, { block: impl.includes('6.3') ? 2_048 : 262_144 });
    const held = BEFORE[name];
    if (held !== undefined) {
      const part = { id: 'before', sid: '', name: 'f.txt', meta: 'x', size: 10, offset: 0 };
      const ask = { ...part, data: binary(''), status: 'init', options: undefined, block: 1 };
      await exchange.say(writeFtp('ftp', ask));
      await exchange.say(writeFtp('ftp', { ...ask, status: 'send', data: binary(held) }));
    }
    for (const step of all) {
      const reasons = await check(step, exchange);
      for (const reason of reasons) tally.count(reason);
      steps++;
      if (reasons.length > 0) different++;
    }
    const files = [];
    for (const file of await exchange.files.list('cc')) {
      const bytes = await exchange.files.read('cc', file.name, 0, 100);
      files.push({ name: file.name, content: Buffer.from(bytes).toString('hex') });
    }
    if (name === 'FTP: offset beyond what is stored') {
      expect(files).toEqual([]);
      tally.count(PARTS);
    } else expect(files).toEqual(after);
  }
  expect(ours).toHaveLength(16);
  tally.end(
    `frames.jsonl, files: ${ours.length} conversations of ${steps} steps, ${steps - different} the same, ${different} knowingly different`,
    'step',
  );
});
