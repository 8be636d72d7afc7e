/** A request of HTTP on its way through a vnode, and the answer to it. */
import type { ServerResponse } from 'node:http';
import { ErrorFrame, type Formatter, type Outcome, readResponse, reason } from '@n2o/shared';
import type { Deadlines, Timed } from '../connection/deadlines.ts';
import type { Asker } from '../routing/guest.ts';
import { respond, respondError } from './respond.ts';

/** What exchanges have in common. */
export interface ExchangeParts {
  readonly deadlines: Deadlines;
  readonly bert: Formatter;
  /** Told that a module answered what is no answer of HTTP, and what is wrong with it. */
  readonly onFault: (why: string) => void;
}

export class Exchange implements Asker, Timed {
  readonly due: number;
  place: Timed['place'];
  readonly #parts: ExchangeParts;
  readonly #response: ServerResponse;
  readonly #isPage: boolean;

  /** @param patience milliseconds that the vnode has */
  constructor(parts: ExchangeParts, response: ServerResponse, isPage: boolean, patience: number) {
    this.#parts = parts;
    this.#response = response;
    this.#isPage = isPage;
    this.due = parts.deadlines.now + patience;
    parts.deadlines.add(this);
  }

  answered(outcome: Outcome, bytes: Uint8Array | undefined): void {
    this.#parts.deadlines.remove(this);
    // The browser has gone, or was told that it takes too long.
    if (this.#response.headersSent || this.#response.destroyed) return;
    if (bytes) this.#say(bytes);
    else if (outcome === 'lost') respondError(this.#response, 'N2O_HOST_UNAVAILABLE');
    else respondError(this.#response, 'N2O_HTTP_PATH');
  }

  /** The vnode has not answered in time. */
  expire(): void {
    if (this.#response.destroyed) return;
    respondError(this.#response, 'N2O_EVENT_TIMEOUT');
  }

  #say(bytes: Uint8Array): void {
    try {
      const value = this.#parts.bert.decode(bytes);
      const answer = readResponse(value);
      if (answer) respond(this.#response, answer, this.#isPage);
      else if (value instanceof ErrorFrame) {
        respondError(this.#response, value.code, value.message);
      } else this.#fail('another message');
    } catch (error) {
      this.#fail(reason(error));
    }
  }

  #fail(why: string): void {
    this.#parts.onFault(why);
    respondError(this.#response, 'N2O_HTTP_FAILED');
  }
}
