/** Which action answers which message of one module: JSON-RPC's by their id, all others by their order. */
import { N2OError } from '@n2o/shared';
import type { Opened } from './envelopes.ts';
import type { Exchange, Fate } from './fate.ts';
import type { Parcel } from './outbox.ts';

/** How an exchange ended: with an action, or with the reason why none will be waited for. */
export type Settle = (reply: Opened | N2OError) => void;

/**
 * A place in the order of replies:
 * - `call`: the next plain reply is its own;
 * - `request`: the response with its id is its own, and an error frame may be;
 * - `gap`: up to `replies` actions may come here that nobody waits for.
 */
export interface Slot {
  kind: 'call' | 'request' | 'gap';
  readonly id: string | undefined;
  replies: number;
  /** Its message; `undefined` with QoS 0. */
  readonly parcel: Parcel | undefined;
  /** `undefined` once nobody waits any more. */
  settle: Settle | undefined;
}

/** Slots at the head that nobody waits at; beyond it they become one. */
const MAX_DEAD = 256;

/**
 * The server answers the messages of a client to a module in their order, so what comes is for the
 * first that waits. A slot stays where its caller gave up, or where a message was sent that should
 * not be answered: a late reply, or an error frame, must not be taken for the reply of the next
 * call. Whether it comes is not known until a response with an id shows that all before it is over;
 * before a call that follows such a gap, such a request is to be sent (see `isDoubtful`).
 */
export class Replies {
  #slots: Slot[] = [];

  /** @param doubt replies of an earlier life of this client may still come */
  constructor(doubt: boolean) {
    if (doubt) this.#slots.push(gap(undefined, Number.POSITIVE_INFINITY));
  }

  /** There is a gap, and nothing behind it yet that will tell when it is over. */
  get isDoubtful(): boolean {
    return this.#slots.findLast(({ kind }) => kind !== 'call')?.kind === 'gap';
  }

  /** A message that the next plain reply answers. */
  call(settle: Settle, parcel: Parcel | undefined): Slot {
    return this.#push({ kind: 'call', id: undefined, replies: 1, parcel, settle });
  }

  /** A JSON-RPC request. */
  request(id: string, settle: Settle | undefined, parcel: Parcel | undefined): Slot {
    return this.#push({ kind: 'request', id, replies: 1, parcel, settle });
  }

  /** A message that should not be answered, but may. */
  send(parcel: Parcel | undefined): void {
    this.#push(gap(parcel, 1));
    this.#tidy();
  }

  /** The message was never sent. */
  cancel(slot: Slot): void {
    this.#slots = this.#slots.filter((other) => other !== slot);
  }

  /** Nobody waits any more, though the reply may still come. */
  abandon(slot: Slot): void {
    slot.settle = undefined;
    if (slot.kind === 'call') slot.kind = 'gap';
    this.#tidy();
  }

  /** The connection broke: rejects what may never be answered, and what could not be told from it. */
  reconnect(error: N2OError, fateOf: (exchange: Exchange) => Fate): void {
    let isDoubtful = false;
    const kept: Slot[] = [];
    for (const slot of this.#slots) {
      const { kind, parcel, settle } = slot;
      const fate = fateOf({ kind, parcel, isAwaited: settle !== undefined });
      if (fate === 'gone') {
        settle?.(error);
        continue;
      }
      kept.push(slot);
      if (fate === 'lost') isDoubtful = true;
      // All that comes before its response is over then.
      else if (slot.kind === 'request') isDoubtful = false;
      if (!isDoubtful) continue;
      // What is repeated to a broker that does not know it for a repetition may be answered twice.
      if (slot.kind === 'gap') slot.replies++;
      slot.kind = 'gap';
      slot.settle = undefined;
      settle?.(error);
    }
    this.#slots = kept;
  }

  /**
   * Takes an action in; false when nobody waited for it.
   *
   * @param id of a JSON-RPC response
   * @param isError it is an error frame: these do not say what they answer
   */
  take(reply: Opened, id: string | undefined, isError: boolean): boolean {
    const slots = this.#slots;
    const index = slots.findIndex((slot) =>
      id !== undefined ? slot.id === id : isError || slot.kind !== 'request',
    );
    const slot = slots[index];
    if (!slot) return false;
    const { settle } = slot;
    slot.settle = undefined;
    // What has an id also says that all before it is over.
    if (id !== undefined) this.#silence(slots.splice(0, index + 1));
    else if (--slot.replies === 0) slots.splice(index, 1);
    settle?.(reply);
    return settle !== undefined;
  }

  /** These were not answered, and will not be. */
  #silence(slots: readonly Slot[]): void {
    for (const { settle } of slots) {
      settle?.(
        new N2OError('N2O_CLIENT_TIMEOUT', 'the module answered a later message, but not this'),
      );
    }
  }

  #push(slot: Slot): Slot {
    this.#slots.push(slot);
    return slot;
  }

  /** What nobody waits for is bounded: of too much at the head, anything may come. */
  #tidy(): void {
    if (this.#slots.length <= MAX_DEAD) return;
    const live = this.#slots.findIndex(({ settle }) => settle !== undefined);
    const dead = live < 0 ? this.#slots.length : live;
    if (dead <= MAX_DEAD) return;
    this.#slots.splice(0, dead, gap(undefined, Number.POSITIVE_INFINITY));
  }
}

function gap(parcel: Parcel | undefined, replies: number): Slot {
  return { kind: 'gap', id: undefined, replies, parcel, settle: undefined };
}
