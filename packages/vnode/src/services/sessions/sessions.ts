/** The sessions: a token says which one is meant and how long it lasts, the store keeps its variables. */
import { randomBytes } from 'node:crypto';
import {
  createFormatters,
  type Identity,
  N2OError,
  type Pickler,
  type Sessions,
  type Store,
} from '@n2o/shared';
import type { Random } from '../pickler/sealing.ts';
import { Brought } from './brought.ts';
import { KnownTokens } from './known-tokens.ts';
import { changesOf, type Kept, MARGIN, SessionRecords } from './record.ts';
import { printToken, readToken, type Token } from './token.ts';
import { createVariables } from './variables.ts';

/** 160 bits. */
const SID = 20;

/** Hex digits of a name that stay when it is renewed: 80 bits. */
const BOND = 20;

/** A token with so much of its time left is not changed for a new one: it would be with each connection. */
const FRESH = 0.9;

/** What the variables of a session may take, in bytes. */
const LIMIT = 65_536;

export interface SessionsOptions {
  readonly store: Store;
  readonly pickler: Pickler;
  /** Milliseconds that a session lasts, and a variable after it was set. */
  readonly ttl: number;
  /** Whether a session that is used begins its time anew. */
  readonly prolong: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly random?: Random;
  /** What the variables of one session may take, in bytes. Default: 64 KiB. */
  readonly limit?: number;
}

/** A session that a token leads to. */
interface Found {
  readonly identity: Identity;
  /** Milliseconds until the token itself is over. */
  readonly left: number;
  readonly hasVariables: boolean;
}

/**
 * Nothing is stored of a session that has no variables, so that strangers who ask for new ones cost
 * nothing: its token, which nobody else can make, is all there is of it.
 */
export function createStoreSessions(options: SessionsOptions): Sessions {
  const { store, pickler, ttl, prolong, now = Date.now, random = randomBytes } = options;
  const records = new SessionRecords(store, ttl);
  const tokens = new KnownTokens((text) => readToken(pickler.depickle(text)));
  const { limit = LIMIT } = options;
  const { json } = createFormatters({ integer: limit });
  const brought = new Brought();
  const settings = { records, brought, json, ttl, now, limit };

  function issue(sid: string): Identity {
    const until = Math.floor((now() + ttl) / 1_000) * 1_000;
    return { sid, until, token: pickler.pickle(printToken({ sid, until })) };
  }

  /** What a text says that is a token, and not one that lives longer than any that is given out. */
  function tokenOf(text: string): Token | undefined {
    const token = text === '' ? undefined : tokens.get(text);
    return token && token.until <= now() + ttl + MARGIN ? token : undefined;
  }

  async function look(text: string): Promise<Found | undefined> {
    const token = tokenOf(text);
    // Only the store may know that a session has outlived its token.
    if (token === undefined || (isOver(token.until) && !prolong)) return undefined;
    const { sid } = token;
    const reading = await records.standing(sid, brought.likely);
    const { isEnded, until: stored } = reading;
    const until = prolong ? Math.max(token.until, stored ?? 0) : token.until;
    if (isEnded || isOver(until)) return undefined;
    const identity = { sid, token: text, until };
    brought.put(identity, reading);
    const hasVariables = stored !== undefined && !isOver(stored);
    return { identity, left: token.until - now(), hasVariables };
  }

  /** The second in which it ends is still its own, as in N2O. */
  function isOver(until: number): boolean {
    return until < now();
  }

  /** The variables that are not over. */
  function lasting({ until, variables }: Kept): Kept['variables'] {
    return until === undefined || isOver(until) ? new Map() : variables;
  }

  const newSid = () => Buffer.from(random(SID)).toString('hex');
  const bondOf = (sid: string) => sid.slice(0, BOND);

  return {
    async authenticate(text) {
      const found = await look(text);
      if (found === undefined) return issue(newSid());
      const { identity, left, hasVariables } = found;
      if (!prolong || (left >= FRESH * ttl && left <= ttl)) return identity;
      if (hasVariables) await records.change(identity.sid, now() + ttl, []);
      return issue(identity.sid);
    },

    find: async (text) => (await look(text))?.identity,
    variables: (sid, found) => createVariables(sid, settings, found),
    bondOf,

    async renew(sid) {
      const kept = await records.read(sid);
      if (kept.isEnded) throw new N2OError('N2O_SESSION_NONE', 'the session has ended');
      const next = issue(bondOf(sid) + newSid().slice(BOND));
      const copied = lasting(kept);
      if (copied.size > 0) await records.change(next.sid, now() + ttl, copied);
      // First there is the new one: what fails in between loses nothing.
      brought.forget();
      await records.close(sid);
      // What others have set or removed meanwhile; from now on they are refused.
      const later = changesOf(copied, lasting(await records.read(sid)));
      if (later.size > 0) await records.change(next.sid, now() + ttl, later);
      await records.end(sid);
      return next;
    },

    end(sid) {
      brought.forget();
      return records.end(sid);
    },
  };
}
