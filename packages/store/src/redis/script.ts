/** Changes as calls of one script, which Redis runs as a whole: variadic commands, and the fence before them. */
import { createHash } from 'node:crypto';
import { type Change, N2OError } from '@n2o/shared';
import type { Turn } from '../commits.ts';
import { isOrdered } from '../order.ts';

/**
 * KEYS: for each command its key, and the fence's as the last. ARGV: the epoch, 0 for no fence; then
 * for each command how many fields and values to set, or, below 0, how many fields to remove, and
 * these; or 0, a name and a last argument, which may be empty; or, for a group that is kept in
 * order, + or -, a field, and its value or nothing. Answers the highest epoch known when it is above
 * that of the fence, else 0.
 */
const COMMIT = `
local call, args, commands = redis.call, ARGV, #KEYS
local epoch = tonumber(args[1])
if epoch > 0 then
  local fence = KEYS[commands]
  commands = commands - 1
  local highest = tonumber(call('GET', fence) or '0')
  if highest > epoch then return highest end
  if highest < epoch then call('SET', fence, args[1]) end
end
local at = 2
for i = 1, commands do
  local key, count = KEYS[i], args[at]
  if count == '2' then
    call('HSET', key, args[at + 1], args[at + 2])
    at = at + 3
  elseif count == '0' then
    if args[at + 2] == '' then call(args[at + 1], key)
    else call(args[at + 1], key, args[at + 2]) end
    at = at + 3
  elseif count == '+' or count == '-' then
    local field = args[at + 1]
    call('ZREMRANGEBYLEX', key, '[' .. field .. '\\0', '(' .. field .. '\\1')
    if count == '+' then call('ZADD', key, 0, field .. '\\0' .. args[at + 2]) end
    at = at + 3
  else
    count = tonumber(count)
    local last = at + math.abs(count)
    call(count > 0 and 'HSET' or 'HDEL', key, unpack(args, at + 1, last))
    at = last + 1
  end
end
return 0`;

/** KEYS: a group. ARGV: a cursor, and how many fields. Answers the next cursor and fields, without their values. */
const FIELDS = `
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local fields = {}
for i = 1, #page[2], 2 do fields[#fields + 1] = page[2][i] end
return {page[1], fields}`;

export interface Script {
  readonly text: string;
  readonly sha: string;
}

export const SCRIPTS: { readonly commit: Script; readonly fields: Script } = {
  commit: scriptOf(COMMIT),
  fields: scriptOf(FIELDS),
};

/** Redis was started anew, or told to forget its scripts. */
export function isUnknownScript(error: unknown): boolean {
  return error instanceof N2OError && error.message.includes('NOSCRIPT');
}

/** A command with more arguments would be more than Lua can unpack at once. */
const ARGUMENTS = 4_000;

/** Of a longer time Redis says that it is none, in the middle of a script. */
const LONGEST_MS = Number.MAX_SAFE_INTEGER;

export interface Call {
  readonly keys: string[];
  readonly args: (string | Buffer)[];
}

/** How things are called in Redis. */
export interface Names {
  keyOf(group: string): string;
  fenceKey(name: string): string;
  /** What decides where a key lies: those of one tag go together. */
  tagOf(key: string): string;
  /** How many changes a call takes at most; with a fence, or in a cluster, it takes all that it can. */
  readonly changesPerCall: number;
}

/**
 * The calls that a turn takes; with a fence, one. Those of one tag are to be sent in their order,
 * and each as soon as it is there: Redis then works on it while the next one is put together.
 */
export function* callsOf({ commits, fence }: Turn, names: Names): Generator<Call> {
  const plans = new Map<string, Plan>(fence && [['', new Plan(fence.epoch)]]);
  for (const changes of commits) {
    for (const change of changes) {
      const key = names.keyOf(change.group);
      const tag = fence ? '' : names.tagOf(key);
      const plan = plans.get(tag) ?? new Plan(0);
      plan.add(key, change);
      if (plan.size < names.changesPerCall || fence) plans.set(tag, plan);
      else {
        yield plan.end();
        plans.delete(tag);
      }
    }
  }
  for (const plan of plans.values()) {
    const call = plan.end();
    if (fence) call.keys.push(names.fenceKey(fence.name));
    yield call;
  }
}

/** Gathers changes into a call; what follows on each other in one group goes into one command. */
class Plan {
  readonly #keys: string[] = [];
  readonly #args: (string | Buffer)[];
  /** The command that may still take more: where its count stands, and what it is. */
  #at = 0;
  #count = 0;
  #size = 0;

  constructor(epoch: number) {
    this.#args = [String(epoch)];
  }

  /** Changes that are in it. */
  get size(): number {
    return this.#size;
  }

  add(key: string, change: Change): void {
    this.#size++;
    if ('drop' in change) this.#other(key, 'UNLINK', '');
    else if ('lifetime' in change) {
      if (!(change.lifetime <= LONGEST_MS)) this.#other(key, 'PERSIST', '');
      else this.#other(key, 'PEXPIRE', String(Math.max(0, Math.ceil(change.lifetime))));
    } else if (isOrdered(change.group)) {
      this.#close();
      this.#keys.push(key);
      const { field, value } = change;
      this.#args.push(value ? '+' : '-', field, value ? bufferOf(value) : '');
    } else if (change.value) {
      this.#extend(key, 2);
      this.#args.push(change.field, bufferOf(change.value));
    } else {
      this.#extend(key, -1);
      this.#args.push(change.field);
    }
  }

  /** To be called when all changes are in. */
  end(): Call {
    this.#close();
    return { keys: this.#keys, args: this.#args };
  }

  /** Goes on with the command under way when it is for this key and of this kind, or begins one. */
  #extend(key: string, step: 2 | -1): void {
    const isSame = step > 0 === this.#count > 0 && this.#keys.at(-1) === key;
    if (this.#count === 0 || !isSame || Math.abs(this.#count) >= ARGUMENTS) {
      this.#close();
      this.#keys.push(key);
      this.#at = this.#args.push('') - 1;
    }
    this.#count += step;
  }

  #other(key: string, name: string, argument: string): void {
    this.#close();
    this.#keys.push(key);
    this.#args.push('0', name, argument);
  }

  #close(): void {
    if (this.#count !== 0) this.#args[this.#at] = String(this.#count);
    this.#count = 0;
  }
}

function bufferOf(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value)
    ? value
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function scriptOf(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
