/** The transfers that a worker knows: taken from the disk when they are first asked for, and bounded. */
import type { TransferKey } from '@n2o/shared';
import type { Handles } from './handles.ts';
import type { Place } from './layout.ts';
import { type Announced, readRecord } from './record.ts';
import { Transfer } from './transfer.ts';
import { Turns } from './turns.ts';
import { sizeOf } from './usage.ts';

/** Files that are read for their hash at once. */
const READERS = 4;
/** Transfers that are remembered; one that is not has its part read again for the hash. */
const REMEMBERED = 1_024;

export class Transfers {
  readonly #handles: Handles;
  readonly #readers = new Turns(READERS);
  /** By the key of their place, the one used last at the end. */
  readonly #known = new Map<string, Transfer>();

  constructor(handles: Handles) {
    this.#handles = handles;
  }

  /** The transfer of this id, from the disk if it has to be; `undefined` where there is none. */
  async get(place: Place, { id }: Pick<TransferKey, 'id'>): Promise<Transfer | undefined> {
    const known = this.#known.get(place.key);
    if (known?.announced.id === id) return known;
    const transfer = await this.#load(place);
    if (transfer?.announced.id !== id) return undefined;
    this.#remember(place, transfer);
    return transfer;
  }

  /** A transfer begins, or goes on, with so many bytes here. */
  begin(place: Place, announced: Announced, offset: number): void {
    if (this.#known.get(place.key)?.goesOnAs(announced, offset)) return;
    this.#remember(place, new Transfer(place, announced, offset, this.#options));
  }

  /** What is on the disk may be other than what is known. */
  async forget(place: Place): Promise<void> {
    this.#known.delete(place.key);
    await this.#handles.forget(place.part);
  }

  get #options() {
    return { handles: this.#handles, readers: this.#readers };
  }

  async #load(place: Place): Promise<Transfer | undefined> {
    const announced = await readRecord<Announced>(place.announced);
    const size = await sizeOf(place.part);
    if (announced === undefined || size === undefined || size > announced.size) return undefined;
    return new Transfer(place, announced, size, this.#options);
  }

  #remember(place: Place, transfer: Transfer): void {
    this.#known.delete(place.key);
    this.#known.set(place.key, transfer);
    if (this.#known.size <= REMEMBERED) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest as string);
  }
}
