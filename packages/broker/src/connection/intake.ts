/** Reads packets from a connection, as long as nothing speaks against it. */
import { FrameReader } from '../wire/frame.ts';

/** A window is full: the client's events have to be settled first. */
export const WINDOW = 1;
/** Something outside decides: authentication. */
export const HELD = 2;
/** The client does not read what it is sent. */
export const CLOGGED = 4;
/** The broker takes no more packets. */
export const CLOSING = 8;
/** The store takes less than there is to keep. */
export const STORING = 16;

/** Why a connection is not read from. */
export type Obstacle =
  | typeof WINDOW
  | typeof HELD
  | typeof CLOGGED
  | typeof CLOSING
  | typeof STORING;

/** Where packets go. */
export interface FrameHandler {
  /** Called for each packet; it may stop the intake, and it may end it. */
  onFrame(frame: FrameReader): void;
}

/** The flow of a stream; `net.Socket` has it. */
export interface Flow {
  pause(): unknown;
  resume(): unknown;
}

export class Intake {
  readonly #flow: Flow;
  readonly #handler: FrameHandler;
  readonly #frames: FrameReader;
  #obstacles = 0;
  #paused = false;
  #reading = false;
  #ended = false;

  /** @param limit largest packet, in bytes */
  constructor(flow: Flow, handler: FrameHandler, limit: number) {
    this.#flow = flow;
    this.#handler = handler;
    this.#frames = new FrameReader(limit);
  }

  /** From the next packet on they may be so large, in bytes. */
  allow(limit: number): void {
    this.#frames.limit = limit;
  }

  isStoppedBy(obstacle: Obstacle): boolean {
    return (this.#obstacles & obstacle) !== 0;
  }

  /** Is it for us to make way, and not for the client? */
  get isHeldUp(): boolean {
    return (this.#obstacles & (WINDOW | CLOSING | STORING)) !== 0;
  }

  /** Takes what the stream gave. @throws what the handler throws, N2O_PACKET_LENGTH, N2O_PACKET_LIMIT */
  receive(chunk: Buffer): void {
    if (this.#ended) return;
    this.#frames.push(chunk);
    this.#read();
  }

  stop(obstacle: Obstacle): void {
    this.#obstacles |= obstacle;
    this.#steer();
  }

  /** Puts the packet at hand back, to be given again later, and stops. */
  postpone(obstacle: Obstacle): void {
    this.#frames.unread();
    this.stop(obstacle);
  }

  /** Reads on, unless something else is in the way. @throws as `receive` */
  clear(obstacle: Obstacle): void {
    if (!this.isStoppedBy(obstacle)) return;
    this.#obstacles &= ~obstacle;
    this.#read();
  }

  end(): void {
    this.#ended = true;
    this.#frames.clear();
  }

  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#obstacles === 0 && !this.#ended && this.#frames.next()) {
        this.#handler.onFrame(this.#frames);
      }
    } finally {
      this.#reading = false;
    }
    this.#steer();
  }

  /** Nothing more is taken from the stream than can be read. */
  #steer(): void {
    const pause = this.#obstacles !== 0;
    if (pause === this.#paused || this.#ended || this.#reading) return;
    this.#paused = pause;
    if (pause) this.#flow.pause();
    else this.#flow.resume();
  }
}
