/** Who may come in, by the store: users with hashed passwords, and tokens of which only hashes are kept. */
import { createHash, randomBytes } from 'node:crypto';
import {
  type Auth,
  binary,
  createFormatters,
  N2OError,
  type Store,
  textOf,
  type User,
} from '@n2o/shared';
import type { Random } from '../pickler/sealing.ts';
import { COST, hashPassword, isPassword, type PasswordHash, type ScryptCost } from './password.ts';
import { Tries } from './tries.ts';

/** What is kept of a user, in bytes. */
const LONGEST_USER = 65_536;
/** In characters. */
const LONGEST_NAME = 256;
const LONGEST_PASSWORD = 1_024;
/** Random bytes of a token. */
const TOKEN = 32;
const DAY = 86_400_000;

export interface AuthOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly random?: Random;
  /** What the hash of a new password costs. */
  readonly cost?: ScryptCost;
}

export function createStoreAuth(options: AuthOptions): Auth {
  const { store, now = Date.now, random = randomBytes, cost = COST } = options;
  const { json } = createFormatters({ integer: LONGEST_USER });
  const tries = new Tries(store, random);

  async function read<Value>(group: string, field: string): Promise<Value | undefined> {
    const [bytes] = await store.get(group, [field]);
    return bytes && (json.decode(bytes) as Value);
  }

  const userOfName = (name: string) => read<User>(userGroup(name), 'user');

  /** Claims a name: of those who register it at the same moment, only the last may go on. */
  async function claim(group: string): Promise<{ name: string; epoch: number }> {
    // Grows with time, and is hardly ever the same twice.
    const [high = 0, low = 0] = random(2);
    const fence = { name: group, epoch: now() * 2_048 + (((high << 8) | low) % 2_048) };
    await store.commit([], fence);
    return fence;
  }

  async function create(group: string, user: User, password: PasswordHash): Promise<void> {
    const value = json.encode(user).slice();
    if (value.length > LONGEST_USER) {
      throw new N2OError('N2O_KVS_LIMIT', `a user of more than ${LONGEST_USER} bytes`);
    }
    const hash = json.encode(password).slice();
    const fence = await claim(group);
    const [known] = await store.get(group, ['user']);
    if (known !== undefined) throw new N2OError('N2O_AUTH_TAKEN');
    const changes = [
      { group, field: 'user', value },
      { group, field: 'password', value: hash },
    ];
    await store.commit(changes, fence);
  }

  return {
    async register(user, password) {
      if (!isText(user.name, LONGEST_NAME) || !isText(password, LONGEST_PASSWORD)) {
        throw new N2OError('N2O_AUTH_INVALID');
      }
      const group = userGroup(user.name);
      if ((await userOfName(user.name)) !== undefined) throw new N2OError('N2O_AUTH_TAKEN');
      const hash = await tries.working(() => hashPassword(password, cost, random));
      try {
        await create(group, user, hash);
      } catch (error) {
        const isLate = error instanceof N2OError && error.code === 'N2O_STORE_FENCED';
        throw isLate ? new N2OError('N2O_AUTH_TAKEN', undefined, { cause: error }) : error;
      }
    },

    async verify(name, password) {
      if (!isText(name, LONGEST_NAME) || !isText(password, LONGEST_PASSWORD)) return undefined;
      const isRight = await tries.make(name, async () =>
        isPassword(password, await read<PasswordHash>(userGroup(name), 'password'), cost),
      );
      return isRight ? userOfName(name) : undefined;
    },

    async generateToken(name, ttl = 30 * DAY) {
      const token = Buffer.from(random(TOKEN)).toString('base64url');
      const group = tokenGroup(token);
      await store.commit([
        { group, field: 'name', value: binary(name) },
        { group, field: 'until', value: binary(`${now() + ttl}`) },
        { group, lifetime: ttl },
      ]);
      return token;
    },

    async userOf(token) {
      if (!isText(token, LONGEST_NAME)) return undefined;
      const [name, until] = await store.get(tokenGroup(token), ['name', 'until']);
      if (name === undefined || until === undefined) return undefined;
      const text = textOf(name);
      // What is not a time is over too.
      if (text === undefined || !(Number(textOf(until)) >= now())) return undefined;
      return userOfName(text);
    },

    revoke: (token) => store.commit([{ group: tokenGroup(token), drop: true }]),
  };
}

/** What comes from a form may be anything. */
function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}

/** Hashes have one length, and no characters that the name of a group may not have. */
function userGroup(name: string): string {
  return `auth/user/{${digest(name)}}`;
}

/** Who reads the store cannot use what is in it as a token. */
function tokenGroup(token: string): string {
  return `auth/token/${digest(token)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
