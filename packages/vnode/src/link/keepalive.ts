/** Says now and then that this side is there, and notices when the other one is not. */

/** What it watches over. */
export interface Watched {
  /** Asks the peer for an answer. */
  ping(): void;
  /** The peer is silent though it was asked. */
  dead(): void;
  /** Whether what the peer says is read at the moment. */
  readonly reading: boolean;
}

/**
 * Pings twice within the time agreed on, whatever else is said, since an answer also tells how far
 * the peer has read; one that says nothing between two pings is dead.
 */
export class Keepalive {
  readonly #watched: Watched;
  readonly #timer: NodeJS.Timeout;
  #heard = true;
  #asked = false;

  /** @param milliseconds as agreed on with the peer */
  constructor(milliseconds: number, watched: Watched) {
    this.#watched = watched;
    this.#timer = setInterval(() => this.#tick(), milliseconds / 2);
  }

  /** Something came from the peer. */
  heard(): void {
    this.#heard = true;
    this.#asked = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    // Who does not read cannot blame the other one for silence, and the ping is for that one's sake.
    if (this.#asked && !this.#heard && this.#watched.reading) this.#suspect();
    else this.#ask();
  }

  #ask(): void {
    this.#heard = false;
    this.#asked = true;
    this.#watched.ping();
  }

  /** This process may have been frozen: what came meanwhile is read before anyone is declared dead. */
  #suspect(): void {
    setImmediate(() => {
      if (this.#heard) this.#ask();
      else this.#watched.dead();
    });
  }
}
