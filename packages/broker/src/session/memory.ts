/** Remembers for a while how events ended whose acknowledgement may not have reached the client. */
import type { Limits } from '../limits.ts';
import { kept } from './cause.ts';

/** What an event left behind. */
export interface Remembered {
  /** The action to send again; `undefined` when there was none or the session itself still has it. */
  readonly reply: Uint8Array | undefined;
  /** Tells whether a repetition is one, or another message under the same identifier. */
  readonly fingerprint: string;
}

interface Client {
  readonly until: number;
  readonly events: Map<number, Remembered>;
  bytes: number;
}

/** By client id and packet identifier. Bounded in time, per client and in all; the oldest goes first. */
export class ReplyMemory {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #clients = new Map<string, Client>();
  #bytes = 0;

  /** @param now milliseconds of a monotonic clock */
  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get clients(): number {
    return this.#clients.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param reply what to send again; `undefined` for nothing */
  remember(client: string, id: number, fingerprint: string, reply: Remembered['reply']): void {
    const now = this.#now();
    let known = this.#clients.get(client);
    // Moves the client to the end: the Map is in the order of their time.
    if (known) this.#clients.delete(client);
    known = {
      until: now + this.#limits.rememberedFor,
      events: known?.events ?? new Map(),
      bytes: known?.bytes ?? 0,
    };
    this.#clients.set(client, known);
    this.#forgetEvent(known, id);
    const remembered = { reply: reply && kept(reply), fingerprint };
    known.events.set(id, remembered);
    this.#count(known, sizeOf(remembered));
    if (known.events.size > this.#limits.rememberedPerClient) {
      this.#forgetEvent(known, known.events.keys().next().value as number);
    }
    this.#sweep(now);
  }

  /** The client has said that it is done. */
  forget(client: string): void {
    const known = this.#clients.get(client);
    if (!known) return;
    this.#clients.delete(client);
    this.#bytes -= known.bytes;
  }

  /** How a repeated event ended, if that is known. */
  recall(client: string, id: number, fingerprint: string): Remembered | undefined {
    if (this.#clients.size === 0) return undefined;
    const known = this.#clients.get(client);
    if (!known || known.until <= this.#now()) return undefined;
    const remembered = known.events.get(id);
    return remembered?.fingerprint === fingerprint ? remembered : undefined;
  }

  /** Lets go of what is too old or too much. */
  #sweep(now: number): void {
    for (const [client, known] of this.#clients) {
      if (known.until > now && this.#bytes <= this.#limits.rememberedBytes) return;
      this.#clients.delete(client);
      this.#bytes -= known.bytes;
    }
  }

  #forgetEvent(known: Client, id: number): void {
    const old = known.events.get(id);
    if (!old) return;
    known.events.delete(id);
    this.#count(known, -sizeOf(old));
  }

  #count(known: Client, bytes: number): void {
    known.bytes += bytes;
    this.#bytes += bytes;
  }
}

/** What an entry costs beside its payload, about. */
const OVERHEAD = 200;

function sizeOf({ reply, fingerprint }: Remembered): number {
  return OVERHEAD + (reply?.length ?? 0) + fingerprint.length;
}
