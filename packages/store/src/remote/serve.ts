/** The broker's side: answers what hosts ask of its store. */
import { N2OError, reason, type Store } from '@n2o/shared';
import { type Answer, type Entries, writeAnswer } from './answer.ts';
import { type Request, readRequest } from './request.ts';

/** Bytes and entries that one answer should not take more of. */
const PART_BYTES = 256 * 1024;
const PART_ENTRIES = 1_000;

/** Answers one request, in as many parts as it takes; what is no request is not answered. */
export async function serveStore(
  store: Store,
  request: Uint8Array,
  say: (answer: Uint8Array) => void,
): Promise<void> {
  const asked = readRequest(request);
  if (!asked) return;
  const answer = (what: Answer) => say(writeAnswer(asked.number, what));
  try {
    answer(await answerOf(store, asked.what, answer));
  } catch (thrown) {
    const error =
      thrown instanceof N2OError ? thrown : new N2OError('N2O_STORE_UNAVAILABLE', reason(thrown));
    answer({ say: 'error', error });
  }
}

async function answerOf(
  store: Store,
  what: Request,
  more: (answer: Answer) => void,
): Promise<Answer> {
  switch (what.ask) {
    case 'greet':
      return { say: 'welcome', durable: store.durable };
    case 'commit':
      await store.commit(what.changes, what.fence);
      return { say: 'kept' };
    case 'get':
      return { say: 'values', values: await store.get(what.group, what.fields) };
    case 'follow':
      return { say: 'values', values: await followed(store, what, () => more({ say: 'changed' })) };
    case 'extent':
      return { say: 'extent', extent: await store.extent(what.group) };
    case 'range':
      return inParts([await store.range(what.group, what.range)], more);
    case 'entries':
      return inParts(store.entries(what.group), more);
  }
}

/** What cannot be followed may change at any time. */
function followed(
  store: Store,
  { group, fields }: Extract<Request, { ask: 'get' | 'follow' }>,
  changed: () => void,
): ReturnType<Store['get']> {
  if (store.follow) return store.follow(group, fields, changed);
  changed();
  return store.get(group, fields);
}

/** Says entries, some at a time. */
async function inParts(
  pages: Iterable<Entries> | AsyncIterable<Entries>,
  more: (answer: Answer) => void,
): Promise<Answer> {
  let part: Entries[number][] = [];
  let size = 0;
  for await (const entries of pages) {
    for (const entry of entries) {
      part.push(entry);
      size += entry[0].length + entry[1].length;
      if (size < PART_BYTES && part.length < PART_ENTRIES) continue;
      more({ say: 'more', entries: part });
      part = [];
      size = 0;
    }
  }
  if (part.length > 0) more({ say: 'more', entries: part });
  return { say: 'end' };
}
