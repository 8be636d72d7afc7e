import type { Store } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Begun } from '../../src/conversations/conversation.ts';
import {
  type ConversationsOptions,
  createConversations,
} from '../../src/conversations/conversations.ts';
import { readConversation, writeConversation } from '../../src/conversations/record.ts';

function conversation(sid: string, until = 2_000): Begun {
  const identity = { sid, token: `token-${sid}`, until };
  return { identity, runtime: 'script', format: 'bert', query: `of=${until}` };
}

/** A store that counts what it is asked. */
function counting(): { store: Store; asked: { get: number; commit: number } } {
  const store = createMemoryStore();
  onTestFinished(() => store.close());
  const asked = { get: 0, commit: 0 };
  const counted = new Proxy(store, {
    get(target, name: keyof Store) {
      if (name === 'get' || name === 'commit') asked[name]++;
      const member = target[name];
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { store: counted, asked };
}

const ann = { client: 'ann', vnode: 1 };
const bob = { client: 'bob', vnode: 2 };

describe('the conversations of a worker', () => {
  it('are none before the client has begun one', async () => {
    expect(createConversations().of(ann)).toBeUndefined();
    const { store } = counting();
    expect(await createConversations({ store }).of(ann)).toBeUndefined();
  });

  it('are known at once after they have begun', async () => {
    const { store } = counting();
    const conversations = createConversations({ store, now: () => 1_000 });
    await conversations.begin(ann, conversation('a'));
    expect(conversations.of(ann)).toEqual(conversation('a'));
  });

  it('are found by another worker in the store, which is asked once', async () => {
    const { store, asked } = counting();
    const now = () => 1_000;
    await createConversations({ store, now }).begin(ann, conversation('a'));
    const other = createConversations({ store, now });
    expect(await other.of(ann)).toEqual(conversation('a'));
    expect(other.of(ann)).toEqual(conversation('a'));
    expect(asked.get).toBe(1);
  });

  it('are not asked for again where there is none', async () => {
    const { store, asked } = counting();
    const conversations = createConversations({ store });
    await conversations.of(ann);
    expect(conversations.of(ann)).toBeUndefined();
    expect(asked.get).toBe(1);
  });

  it('go on without a session when that is over', async () => {
    let time = 1_000;
    const { store } = counting();
    const conversations = createConversations({ store, now: () => time });
    const begun = conversation('a', 2_000);
    await conversations.begin(ann, begun);
    time = 2_000;
    expect(conversations.of(ann)).toEqual({ ...begun, identity: undefined });
    conversations.forget(1);
    expect(await conversations.of(ann)).toEqual({ ...begun, identity: undefined });
  });

  it('age with their session, until they begin again', async () => {
    let time = 1_000;
    const conversations = createConversations({ now: () => time });
    expect(conversations.isAging(ann)).toBe(false);
    await conversations.begin(ann, conversation('a', 2_000));
    time = 1_100;
    expect(conversations.isAging(ann)).toBe(false);
    time = 1_101;
    expect(conversations.isAging(ann)).toBe(true);
    await conversations.begin(ann, conversation('a', 2_000));
    expect(conversations.isAging(ann)).toBe(false);
  });

  it('are kept once as long as nothing in them changes', async () => {
    const { store, asked } = counting();
    const conversations = createConversations({ store, now: () => 1_000 });
    await conversations.begin(ann, conversation('a'));
    await conversations.begin(ann, conversation('a'));
    expect(asked.commit).toBe(1);
    await conversations.begin(ann, { ...conversation('a'), format: 'json' });
    expect(asked.commit).toBe(2);
  });

  it('of a vnode are read again once others may have served it', async () => {
    const { store } = counting();
    const options: ConversationsOptions = { store, now: () => 1_000 };
    const here = createConversations(options);
    await here.begin(ann, conversation('a'));
    await here.begin(bob, conversation('b'));
    await createConversations(options).begin(ann, conversation('later'));
    here.forget(1);
    expect(here.of(bob)).toEqual(conversation('b'));
    expect(await here.of(ann)).toEqual(conversation('later'));
  });

  it('are bounded: who was heard least recently is asked for again', async () => {
    const { store } = counting();
    const conversations = createConversations({ store, clients: 2, now: () => 1_000 });
    const eve = { client: 'eve', vnode: 3 };
    await conversations.begin(ann, conversation('a'));
    await conversations.begin(bob, conversation('b'));
    await conversations.of(ann);
    await conversations.begin(eve, conversation('e'));
    expect(conversations.of(ann)).toEqual(conversation('a'));
    expect(conversations.of(bob)).toBeInstanceOf(Promise);
    expect(await conversations.of(bob)).toEqual(conversation('b'));
  });

  it('that have ended are known no more, neither here nor in the store', async () => {
    const { store, asked } = counting();
    const conversations = createConversations({ store, now: () => 1_000 });
    await conversations.begin(ann, conversation('a'));
    await conversations.end(ann);
    expect(await store.extent('conversation/ann')).toBeUndefined();
    expect(await conversations.of(ann)).toBeUndefined();
    // Where there is none, there is nothing to be changed.
    await conversations.end(ann);
    expect(asked.commit).toBe(2);
  });

  it('that another worker has begun are ended as well', async () => {
    const { store } = counting();
    await createConversations({ store, now: () => 1_000 }).begin(ann, conversation('a'));
    await createConversations({ store }).end(ann);
    expect(await store.extent('conversation/ann')).toBeUndefined();
  });

  it('that begin while the store is asked win over what it says', async () => {
    const { store } = counting();
    const conversations = createConversations({ store, now: () => 1_000 });
    const asked = conversations.of(ann);
    const begun = conversations.begin(ann, conversation('new'));
    await Promise.all([asked, begun]);
    expect(conversations.of(ann)).toEqual(conversation('new'));
  });
});

describe('the record of a conversation', () => {
  it.each([2_000, Number.POSITIVE_INFINITY])('comes back as it was (until %d)', (until) => {
    const one: Begun = { ...conversation('ä', until), runtime: 'instructions' };
    expect(readConversation(writeConversation(one))).toEqual(one);
  });

  it.each(['', '{}', '[1]', '["s","t",1,"script","morse"]', '["s","t","x","script","bert"]'])(
    'is not read in %j',
    (text) => {
      expect(readConversation(new TextEncoder().encode(text))).toBeUndefined();
    },
  );
});
