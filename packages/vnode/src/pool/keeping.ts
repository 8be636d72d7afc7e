/** Keeping, as a worker sees it: the main thread has the store. */
import { type ErrorCode, type Event, N2OError, type Outcome } from '@n2o/shared';
import type { Effect, Keeping, Kept } from '../effects/effect.ts';
import type { Control } from './control.ts';

interface Question {
  resolve(kept: Kept): void;
  reject(error: N2OError): void;
}

export class RemoteKeeping implements Keeping {
  readonly settle: (event: Event, outcome: Outcome, bytes: Uint8Array, effect: Effect) => void;
  readonly #say: (control: Control) => void;
  readonly #questions = new Map<number, Question>();
  #tickets = 0;

  /**
   * @param say    MUST NOT overtake settlements: what is read then has them in it
   * @param settle sends a settlement and its effect
   */
  constructor(say: (control: Control) => void, settle: RemoteKeeping['settle']) {
    this.#say = say;
    this.settle = settle;
  }

  load(client: string, vnode: number): Promise<Kept> {
    const ticket = ++this.#tickets;
    return new Promise((resolve, reject) => {
      this.#questions.set(ticket, { resolve, reject });
      this.#say({ load: client, vnode, ticket });
    });
  }

  /** The main thread has answered. */
  loaded(ticket: number, kept: Kept | ErrorCode): void {
    const question = this.#questions.get(ticket);
    this.#questions.delete(ticket);
    if (typeof kept === 'string') question?.reject(new N2OError(kept));
    else question?.resolve(kept);
  }
}
