import { Atom, Tuple, textOf, tuple } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { expect, it } from 'vitest';
import { createPickler } from '../../../src/services/pickler/pickler.ts';
import { createStoreSessions } from '../../../src/services/sessions/sessions.ts';
import { type Difference, fromTerm, type Line, run } from '../vectors.ts';

const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'session ids are 160 random bits, not 80 bits of a keyed hash of the time',
    covers: ({ kind }) => kind === 'sid',
  },
  {
    reason: 'a session that is prolonged goes on with its variables, also where its token is over',
    covers: (line) => line.case === 'expired long ago, with variables' && line.prolongate === true,
  },
  {
    reason: 'a pickle that is no token leads to a new session, it is not a fault',
    covers: ({ result }) => Object.hasOwn(Object(result), 'crash'),
  },
  {
    reason: 'the user of no session is nobody, it is not a fault',
    covers: ({ kind, ops }) => kind === 'variables' && JSON.stringify(ops).includes('"crash"'),
  },
];

/** Seconds since the year 0 → milliseconds since 1970. */
const since1970 = (seconds: unknown) => (Number(seconds) - 62_167_219_200) * 1_000;

const pickler = createPickler({ secrets: ['ThisIsClassified'], legacy: true });

function setup(line: Line, clock = { now: since1970(line.now) }) {
  const store = createMemoryStore();
  const sessions = createStoreSessions({
    store,
    pickler,
    ttl: Number(line.ttl) * 1_000,
    prolong: line.prolongate === true,
    now: () => clock.now,
  });
  return { sessions, store, clock };
}

async function checkSid(line: Line): Promise<void> {
  const { sessions } = setup({ ...line, ttl: 900, now: 63_962_538_480 });
  expect((await sessions.authenticate('')).sid).toBe(line.sid);
}

async function checkAuthenticate(line: Line): Promise<void> {
  const { sessions } = setup(line);
  const text =
    typeof line.token_in === 'string'
      ? line.token_in
      : pickler.pickle(fromTerm(line.token_in_term));
  const result = line.result as Line;
  // The variables that N2O had, as far as they are not over.
  const kept = (line.store_before as readonly unknown[]).map(fromTerm).map(entryOf);
  for (const { sid, name, value, till } of kept) {
    if (name !== 'auth' && till >= Number(line.now)) {
      await sessions.variables(sid).set(name, value);
    }
  }
  const identity = await sessions.authenticate(text);
  const before = sidIn(pickler.depickle(text));
  expect(result).not.toHaveProperty('crash');
  expect({
    token: identity.token === text ? 'same' : 'new',
    sid: identity.sid === before ? 'same' : 'new',
    till_offset: (identity.until - since1970(line.now)) / 1_000,
  }).toEqual({ token: result.token, sid: result.sid, till_offset: result.till_offset });
  expect((await sessions.find(identity.token))?.sid).toBe(identity.sid);
  for (const { sid, name, value, till } of kept) {
    if (name !== 'auth' && till >= Number(line.now)) {
      expect(await sessions.variables(sid).get(name)).toEqual(value);
    }
  }
}

async function checkVariables(line: Line): Promise<void> {
  const { sessions, clock } = setup(line);
  let current = '';
  const names = new Map<string, Set<string>>();
  for (const { op, result } of line.ops as readonly { op: unknown; result: unknown }[]) {
    const [what, ...given] = [...(fromTerm(op) as Tuple)].map(plain);
    const expected = plain(fromTerm(result));
    const [sid, name, value] = (
      what === 'session' || what === 'user' ? [current, ...given] : given
    ) as [string, string, unknown];
    const variables = sessions.variables(sid);
    if (name !== undefined) names.set(sid, (names.get(sid) ?? new Set()).add(name));
    if (what === 'context') current = sid;
    else if (what === 'insert_expired') {
      clock.now -= (Number(line.ttl) + 1) * 1_000;
      await variables.set(name, value);
      clock.now += (Number(line.ttl) + 1) * 1_000;
    } else if (what === 'set' || (what === 'session' && given.length === 2)) {
      await variables.set(name, value);
      expect(value).toEqual(expected);
    } else if (what === 'get') expect((await variables.get(name)) ?? value).toEqual(expected);
    else if (what === 'session') expect((await variables.get(name)) ?? []).toEqual(expected);
    else if (what === 'user') expect(await variables.get('user')).toEqual(expected);
    else if (what === 'delete') await variables.delete(name);
    else if (what === 'clear') await variables.clear();
    else if (what !== 'invalidate') throw new TypeError(`no such call: ${what}`);
  }
  const after: unknown[] = [];
  for (const [sid, all] of names) {
    for (const name of all) {
      const value = await sessions.variables(sid).get(name);
      if (value !== undefined) after.push([sid, name, value]);
    }
  }
  const kept = (line.store_after as readonly unknown[]).map(fromTerm).map(entryOf);
  expect(after).toEqual(kept.map(({ sid, name, value }) => [sid, name, plain(value)]));
}

/** `{{Sid,Name},{Till,Value}}` */
function entryOf(term: unknown) {
  const [[sid, name], [till, value]] = [...(term as Tuple)].map((pair) => [...(pair as Tuple)]) as [
    [unknown, unknown],
    [number, unknown],
  ];
  return { sid: plain(sid) as string, name: plain(name) as string, till, value };
}

/** Atoms and binaries as text, as this side names things. */
function plain(value: unknown): unknown {
  if (value instanceof Atom) return value.name;
  if (value instanceof Tuple) return tuple(...value.items.map(plain));
  return value instanceof Uint8Array ? textOf(value) : value;
}

function sidIn(token: unknown): unknown {
  if (!(token instanceof Tuple) || !(token.items[0] instanceof Tuple)) return undefined;
  return plain(token.items[0].items[0]);
}

const CHECKS = { sid: checkSid, authenticate: checkAuthenticate, variables: checkVariables };

it('treats tokens and variables as N2O does', async () => {
  const check = (line: Line) => CHECKS[line.kind as keyof typeof CHECKS](line);
  expect(await run('session.jsonl', check, DIFFERENCES)).toEqual({
    read: 120,
    passed: 67,
    different: 53,
  });
});
