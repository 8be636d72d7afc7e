import {
  atom,
  binary,
  defineModule,
  Io,
  N2OError,
  nothing,
  readFtp,
  reply,
  tuple,
  unknown,
} from '@n2o/shared';
import { expect, it } from 'vitest';
import { bytesOf, newFolder, sha256, start } from '../files/kept.ts';
import { gate } from '../runtime/started.ts';
import { startExchange } from './ftp-exchange.ts';

const keeps = defineModule({ file: () => undefined });

/** Sends a file in one block. */
async function upload(
  { ask }: Awaited<ReturnType<typeof startExchange>>,
  bytes: Uint8Array,
  said: Parameters<typeof ask>[0] = {},
  client?: string,
) {
  await ask({ ...said, size: bytes.length }, client);
  return ask({ ...said, status: 'send', size: bytes.length, data: bytes }, client);
}

it('tells the module of a file that has arrived, once, and says its hash to who asks', async () => {
  const told: unknown[] = [];
  const folder = await newFolder();
  const app = defineModule({ file: (file) => void told.push(file) });
  const exchange = await startExchange(app, { files: start(folder) });
  const bytes = bytesOf(1_000);
  const options = new Map([['sha256', '']]);
  const done = await upload(exchange, bytes, { options, meta: tuple(atom('room'), 1) });
  expect(done).toMatchObject({ status: 'send', offset: 1_000, block: 0 });
  expect(done.options).toEqual(new Map([['sha256', sha256(bytes)]]));
  // Its answer was lost, and the worker with it.
  const again = await startExchange(app, { files: start(folder) });
  expect(await again.ask({ size: 1_000, options })).toMatchObject({ offset: 1_000, block: 0 });
  expect((await again.ask({ size: 1_000, status: 'send' })).block).toBe(0);
  const [file] = await exchange.files.list('cc');
  expect(told).toEqual([
    {
      id: 't1',
      name: 'f.txt',
      size: 1_000,
      path: file?.path,
      sha256: sha256(bytes),
      meta: tuple(atom('room'), 1),
    },
  ]);
});

it('shows on the page what the module says about a file', async () => {
  const app = defineModule({
    file({ name }, { page }) {
      page.wire(`arrived('${name}');`);
      return atom('thanks');
    },
  });
  const exchange = await startExchange(app);
  await upload(exchange, bytesOf(3));
  expect(exchange.actions).toEqual([
    {
      topic: 'actions/1/index/c',
      value: new Io(binary("arrived('f.txt');"), atom('thanks')),
    },
  ]);
});

it.each([
  ['reply(…)', reply(atom('thanks')), [new Io(binary(''), atom('thanks'))]],
  ['nothing', nothing, []],
  ['unknown', unknown, []],
])('takes %s of a module for what it is', async (_, result, shown) => {
  const exchange = await startExchange(defineModule({ event: () => result }));
  expect(await upload(exchange, bytesOf(3))).toMatchObject({ status: 'send', offset: 3, block: 0 });
  expect(exchange.actions.map(({ value }) => value)).toEqual(shown);
});

it('removes a file over which the module throws, and says why', async () => {
  const app = defineModule({
    file() {
      throw new N2OError('N2O_REST_INVALID', 'no pictures please');
    },
  });
  const exchange = await startExchange(app);
  const refused = await upload(exchange, bytesOf(3));
  expect(refused).toMatchObject({ status: 'error', block: 0, id: 't1' });
  expect(String(Buffer.from(refused.data))).toBe('N2O_REST_INVALID no pictures please');
  expect(await exchange.files.list('cc')).toEqual([]);
});

it('says what is wrong in an answer to the transfer, also where the time is up', async () => {
  const { promise, open } = gate();
  const exchange = await startExchange(defineModule({ file: () => promise }), { deadline: 50 });
  expect(await exchange.ask({ name: '../x', size: 1 })).toMatchObject({ status: 'error' });
  expect(await exchange.ask({ size: Number.NaN })).toMatchObject({ offset: 0 }); // an empty file
  const late = await upload(exchange, bytesOf(3), { name: 'late' });
  expect(String(Buffer.from(late.data))).toMatch(/^N2O_EVENT_TIMEOUT /);
  open();
});

it('tells the module once, however often its client asks while that takes', async () => {
  const { promise, open } = gate();
  const told: string[] = [];
  const app = defineModule({
    async file({ name }) {
      told.push(name);
      await promise;
    },
  });
  const exchange = await startExchange(app, { deadline: 50 });
  for (const data of [await upload(exchange, bytesOf(3)), await upload(exchange, bytesOf(3))]) {
    expect(String(Buffer.from(data.data))).toMatch(/^N2O_EVENT_TIMEOUT /);
  }
  open();
  expect(await exchange.ask({ size: 3 })).toMatchObject({ offset: 3, block: 0 });
  expect(told).toEqual(['f.txt']);
});

it('compares the hash that the client expects', async () => {
  const exchange = await startExchange(keeps);
  const options = new Map([['sha256', sha256(bytesOf(4))]]);
  const refused = await upload(exchange, bytesOf(3), { options });
  expect(String(Buffer.from(refused.data))).toMatch(/^N2O_FILE_HASH /);
  expect(await upload(exchange, bytesOf(4), { options })).toMatchObject({ offset: 4, block: 0 });
});

it('answers blocks that overlap or leave a gap with where to go on', async () => {
  const { ask } = await startExchange(keeps);
  const bytes = bytesOf(10);
  const send = (from: number, to: number) =>
    ask({
      status: 'send',
      size: 10,
      offset: from,
      data: bytes.subarray(from, to),
      block: to - from,
    });
  await ask({ size: 10 });
  const answers = await Promise.all([send(0, 4), send(2, 6), send(8, 10), send(6, 8)]);
  expect(answers.map(({ offset }) => offset)).toEqual([4, 6, 6, 8]);
  expect(await ask({ id: 't2', size: 10 })).toMatchObject({ offset: 8 });
  // The transfer before it is over.
  expect(await send(8, 10)).toMatchObject({ offset: 8, block: 0 });
});

it('gives the blocks of a file, and its size and hash before', async () => {
  const exchange = await startExchange(keeps, { block: 6 });
  const bytes = bytesOf(10);
  await upload(exchange, bytes);
  const get = (offset: number, block: number) => exchange.ask({ status: 'get', offset, block });
  const options = new Map([['sha256', '']]);
  const found = await exchange.ask({ status: 'get', block: 0, options });
  expect(found).toMatchObject({
    size: 10,
    block: 6,
    options: new Map([['sha256', sha256(bytes)]]),
  });
  const blocks = await Promise.all([get(0, 4), get(4, 100), get(10, 4)]);
  expect(blocks.map(({ data }) => data)).toEqual([
    bytes.subarray(0, 4),
    bytes.subarray(4, 10),
    new Uint8Array(),
  ]);
  expect(await get(Number.NaN, 4)).toMatchObject({ block: 4 }); // no number is the beginning
  const missing = await exchange.ask({ status: 'get', name: 'none', block: 0 });
  expect(String(Buffer.from(missing.data))).toMatch(/^N2O_FILE_UNKNOWN /);
});

it('keeps the files of sessions apart, and shows them to whoever has the token', async () => {
  const exchange = await startExchange(keeps);
  const { sessions } = exchange.services;
  const [ann, bob] = [await sessions.authenticate(''), await sessions.authenticate('')];
  await upload(exchange, bytesOf(3), { sid: ann.token });
  const fetched = (sid: string, client: string) =>
    exchange.ask({ sid, status: 'get', block: 100 }, client);
  expect((await fetched(ann.token, 'another')).data).toEqual(bytesOf(3));
  expect(await fetched(bob.token, 'c')).toMatchObject({ status: 'error' });
  expect(await fetched('forged', 'c')).toMatchObject({ status: 'error' });
  expect(await fetched('', 'c')).toMatchObject({ status: 'error' });
});

it('keeps nothing for who had a session before it was renewed, or ended', async () => {
  const exchange = await startExchange(keeps);
  const { sessions } = exchange.services;
  const planted = await sessions.authenticate('');
  await exchange.begin(planted, 'thief');
  const own = await sessions.renew(planted.sid);
  await exchange.begin(own, 'owner');
  await upload(exchange, bytesOf(3), {}, 'owner');
  const fetched = async (sid: string, client: string) => {
    const { status, data } = await exchange.ask({ sid, status: 'get', block: 100 }, client);
    return status === 'error' ? String(Buffer.from(data)).split(' ')[0] : data;
  };
  expect(await fetched('', 'thief')).toBe('N2O_SESSION_NONE');
  expect(await fetched(planted.token, 'thief')).toBe('N2O_SESSION_NONE');
  expect(await fetched('', 'owner')).toEqual(bytesOf(3));
  await sessions.end(own.sid);
  expect(await fetched('', 'owner')).toBe('N2O_SESSION_NONE');
  expect(await fetched(own.token, 'owner')).toBe('N2O_SESSION_NONE');
});

it('forgets a transfer that is stopped', async () => {
  const { ask, files } = await startExchange(keeps);
  await ask({ size: 10 });
  await ask({ status: 'send', size: 10, data: bytesOf(4) });
  expect(await ask({ status: 'stop' })).toMatchObject({ status: 'stop', block: 0 });
  expect(await ask({ size: 10 })).toMatchObject({ offset: 0 });
  expect(await files.list('cc')).toEqual([]);
});

it('passes blocks on to whom the module names, and to nobody else', async () => {
  const app = defineModule({
    relay: ({ meta }) => (meta === 'dave' ? { client: 'dave', module: 'index' } : undefined),
  });
  const { ask, say, actions } = await startExchange(app);
  const block = { status: 'relay', meta: 'dave', size: 9, offset: 3, data: bytesOf(2) };
  expect(await ask(block)).toMatchObject({ status: 'relay', offset: 5, data: new Uint8Array() });
  expect(actions).toHaveLength(1);
  expect(actions[0]).toMatchObject({ topic: 'actions/1/index/dave' });
  expect(readFtp('ftpack', actions[0]?.value)?.data).toEqual(bytesOf(2));
  const items = [binary('t1'), '', 'f', 'eve', 9, 3, 2, bytesOf(2), binary('relay'), []];
  expect(await say(tuple(atom('ftp'), ...items))).toBeUndefined();
  expect(actions).toHaveLength(1);
});

it('leaves alone what is not its own', async () => {
  const { say } = await startExchange(keeps);
  for (const value of [tuple(atom('ftp')), tuple(atom('ftpack'), ...Array(10).fill(1)), 'ftp']) {
    expect(await say(value)).toBeUndefined();
  }
});

it('refuses what is no count, and answers where no files are kept', async () => {
  const { say } = await startExchange(keeps);
  const items = [binary('t1'), '', binary('f'), 'x', atom('huge'), 0, 1, binary('')];
  const refused = await say(tuple(atom('ftp'), ...items, binary('init')));
  expect(String(Buffer.from(readFtp('ftpack', refused)?.data ?? []))).toMatch(/^N2O_FILE_LIMIT /);

  const bare = await startExchange(keeps, { files: undefined });
  expect(String(Buffer.from((await bare.ask({ size: 1 })).data))).toMatch(/^N2O_SERVICE_MISSING /);
});
