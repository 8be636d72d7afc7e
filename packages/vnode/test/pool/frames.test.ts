import { type FtpMessage, readFtp, writeFtp } from '@n2o/shared';
import { expect, it } from 'vitest';
import { createFrames } from '../../src/pool/frames.ts';
import { formatters } from '../runtime/started.ts';

const route = { client: 'c', module: 'm', version: '1', vnode: 1, user: '', token: '' };
const event = (value: unknown) => {
  const payload = formatters.bert.encode(value).slice();
  return { ...({ route, payload, qos: 0, dup: false } as const), settle() {} };
};
const block: FtpMessage = {
  ...{ id: 't1', sid: '', name: 'f.txt', meta: '', size: 9, offset: 0, block: 3 },
  ...{ data: new Uint8Array(3), status: 'send', options: new Map([['ref', '7']]) },
};

it('tells whoever sends a file, under the reference of the block', () => {
  const frame = createFrames(formatters, ['ftp', 'app']);
  const answer = formatters.bert.decode(frame(event(writeFtp('ftp', block)), 'N2O_EVENT_DEAD'));
  const read = readFtp('ftpack', answer);
  expect(read).toMatchObject({ id: 't1', status: 'error', options: new Map([['ref', '7']]) });
  expect(String(Buffer.from(read?.data ?? []))).toContain('N2O_EVENT_DEAD');
});

it('is an error frame for all else, and where there is no such protocol', () => {
  for (const [protocols, value] of [
    [['ftp', 'app'], 'hello'],
    [['app'], writeFtp('ftp', block)],
  ] as const) {
    const answer = createFrames(formatters, protocols)(event(value), 'N2O_EVENT_DEAD');
    expect(formatters.bert.decode(answer)).toMatchObject({ code: 'N2O_EVENT_DEAD' });
  }
});
