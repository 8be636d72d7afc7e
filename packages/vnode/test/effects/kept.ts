/** A runtime whose effects are kept in a store that a test can look into, hold up and break. */
import { type Change, type Fence, N2OError, type Range, type Store } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { AttendedEvent, attend } from '../../src/effects/attended.ts';
import type { EffectLimits } from '../../src/effects/effect.ts';
import { Effects } from '../../src/effects/effects.ts';
import { Keeper, type KeeperOptions } from '../../src/effects/keeper.ts';
import { createFrames } from '../../src/pool/frames.ts';
import {
  formatters,
  gate,
  logInto,
  type Started,
  type StartOptions,
  start,
} from '../runtime/started.ts';

export const LIMITS: EffectLimits = {
  effectTtl: 1_000,
  effectCount: 100,
  effectBytes: 100_000,
  effectMemory: 1_000_000,
  stateBytes: 100,
};

export const frame = createFrames(formatters, ['rpc']);

/** A memory store whose commits can be held up, and fail. */
export class TestStore implements Store {
  readonly durable = false;
  /** The commits that were asked for. */
  readonly commits: (readonly Change[])[] = [];
  /** What commits and reads throw; `undefined` for nothing. */
  failure: N2OError | undefined;
  readonly #store = createMemoryStore();
  #barrier: Promise<void> | undefined;

  /** Holds up commits until what it returns is called. */
  hold(): () => void {
    const { promise, open } = gate();
    this.#barrier = promise;
    return () => open();
  }

  async commit(changes: readonly Change[], fence?: Fence): Promise<void> {
    this.commits.push(changes);
    await this.#barrier;
    if (this.failure) throw this.failure;
    await this.#store.commit(changes, fence);
  }

  async get(group: string, fields: readonly string[]) {
    return this.#store.get(group, fields);
  }

  async extent(group: string) {
    return this.#store.extent(group);
  }

  async range(group: string, range: Range) {
    return this.#store.range(group, range);
  }

  async *entries(group: string) {
    if (this.failure) throw this.failure;
    yield* this.#store.entries(group);
  }

  /** The names in a group, sorted. */
  async names(group: string): Promise<string[]> {
    const names: string[] = [];
    for await (const page of this.#store.entries(group)) {
      for (const [name] of page) names.push(name);
    }
    return names.sort();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

export function unavailable(): N2OError {
  return new N2OError('N2O_STORE_UNAVAILABLE');
}

export interface KeptOptions extends StartOptions {
  readonly store?: Store;
  readonly limits?: Partial<EffectLimits>;
  readonly keeper?: Partial<KeeperOptions>;
  readonly now?: () => number;
}

/** Starts a runtime as a host in one thread has it. */
export async function startKept({
  store = new TestStore(),
  limits = {},
  keeper: others = {},
  now,
  ...options
}: KeptOptions): Promise<Started & { readonly keeper: Keeper; readonly effects: Effects }> {
  const all = { ...LIMITS, ...limits };
  const keeper: Keeper = new Keeper({
    store,
    effectTtl: all.effectTtl,
    stateTtl: 1_000,
    frame,
    onForget: (vnode) => effects.memory.forget(vnode),
    log: logInto([]),
    ...others,
  });
  const effects = new Effects({
    keeping: attend(keeper),
    limits: all,
    ...(now && { now }),
  });
  const started = await start({
    ...options,
    effects,
    attend: (event) => new AttendedEvent(event, keeper),
  });
  return { ...started, keeper, effects };
}

/** A JSON-RPC request. */
export function request(id: unknown, method: string, params?: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params, id });
}
