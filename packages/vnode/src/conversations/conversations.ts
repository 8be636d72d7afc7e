/** The conversations that a worker knows without asking the store, and how it asks. */
import type { Store } from '@n2o/shared';
import type { Begun, Conversation, Conversations, Party } from './conversation.ts';
import { readConversation, writeConversation } from './record.ts';

export interface ConversationsOptions {
  /** Where they are kept for other workers and hosts; without one they are known here alone. */
  readonly store?: Store | undefined;
  /** Clients that are known at once; who was heard least recently is asked for again. Default: 65,536. */
  readonly clients?: number;
  readonly now?: () => number;
}

/** What is known of a client; `conversation` is `undefined` where it has begun none. */
interface Known {
  readonly vnode: number;
  readonly conversation: Begun | undefined;
  /** Since when it is known. */
  readonly since: number;
}

/** Milliseconds that it is known beyond its session's end how a client wants to be spoken to: pages stay open. */
const BEYOND = 86_400_000;

/** The part of a session's time after which it ages. */
const YOUTH = 0.1;

/** Each client has one at most; it lasts until it is ended or a day over, and its session as long as that says. */
export function createConversations(options: ConversationsOptions = {}): Conversations {
  const { store, clients = 65_536, now = Date.now } = options;
  /** Who was heard last is last. */
  const known = new Map<string, Known>();
  let forgets = 0;

  const remember = (client: string, held: Known) => {
    known.delete(client);
    known.set(client, held);
    if (known.size > clients) known.delete(known.keys().next().value as string);
  };
  const knownNow = ({ vnode }: Party, conversation: Begun | undefined): Known => ({
    vnode,
    conversation,
    since: now(),
  });
  const present = (conversation: Begun | undefined): Conversation | undefined =>
    conversation === undefined || conversation.identity.until > now()
      ? conversation
      : { ...conversation, identity: undefined };

  const ask = async (party: Party, from: Store): Promise<Conversation | undefined> => {
    const before = forgets;
    const [bytes] = await from.get(groupOf(party), [FIELD]);
    const kept = bytes === undefined ? undefined : readConversation(bytes);
    // The client may have begun another one meanwhile.
    const later = known.get(party.client);
    if (later !== undefined) return present(later.conversation);
    if (before === forgets) remember(party.client, knownNow(party, kept));
    return present(kept);
  };

  return {
    of(party) {
      const found = known.get(party.client);
      if (found === undefined) return store && ask(party, store);
      remember(party.client, found);
      return present(found.conversation);
    },

    recall({ client }) {
      const found = known.get(client);
      return found && present(found.conversation);
    },

    async begin(party, conversation) {
      const before = known.get(party.client)?.conversation;
      if (store !== undefined && !(before && isSame(before, conversation))) {
        const group = groupOf(party);
        const lifetime = Math.max(0, conversation.identity.until - now()) + BEYOND;
        await store.commit([
          { group, field: FIELD, value: writeConversation(conversation) },
          { group, lifetime },
        ]);
      }
      remember(party.client, knownNow(party, conversation));
    },

    async end(party) {
      const held = known.get(party.client);
      known.delete(party.client);
      const isNone = held !== undefined && held.conversation === undefined;
      if (store === undefined || isNone) return;
      await store.commit([{ group: groupOf(party), drop: true }]);
    },

    isAging({ client }) {
      const { conversation, since = 0 } = known.get(client) ?? {};
      const until = conversation?.identity.until ?? Number.POSITIVE_INFINITY;
      return now() - since > YOUTH * (until - since);
    },

    forget(vnode) {
      // Without a store nobody else can have spoken with them.
      if (store === undefined) return;
      forgets++;
      for (const [client, held] of known) if (held.vnode === vnode) known.delete(client);
    },
  };
}

const FIELD = 'now';

function groupOf({ client }: Party): string {
  return `conversation/${client}`;
}

function isSame(one: Begun, other: Begun): boolean {
  return (
    one.runtime === other.runtime &&
    one.format === other.format &&
    one.query === other.query &&
    one.identity.sid === other.identity.sid &&
    one.identity.token === other.identity.token &&
    one.identity.until === other.identity.until
  );
}
