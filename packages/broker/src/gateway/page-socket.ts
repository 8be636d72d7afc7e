/** The WebSocket of one page: each message is an event of its client, and its outcome comes back. */
import { isUtf8 } from 'node:buffer';
import { N2OError, type Outcome, Queue } from '@n2o/shared';
import { WebSocket } from 'ws';
import type { Timed } from '../connection/deadlines.ts';
import { CLOGGED, CLOSING, type Obstacle, WINDOW } from '../connection/intake.ts';
import { OUTPUT_HIGH } from '../connection/output.ts';
import type { Core } from '../core.ts';
import type { Address } from '../routing/address.ts';
import type { Guest } from '../routing/guest.ts';
import { ClientLoad } from '../routing/load.ts';
import { kept } from '../session/cause.ts';
import { Attendance } from './attendance.ts';
import { type Answerer, Said } from './said.ts';

/** The server ends, or the client does not read what it is sent [RFC 6455, section 7.4]. */
export const GOING_AWAY = 1001;
export const TRY_AGAIN_LATER = 1013;

const NOTHING = new Uint8Array();

export class PageSocket implements Guest, Timed, Answerer {
  readonly load: ClientLoad;
  due: number;
  place: Timed['place'];
  readonly #core: Core;
  readonly #ws: WebSocket;
  readonly #attendance: Attendance;
  /** Milliseconds. */
  readonly #idle: number;
  /** Messages that came with those that filled a window: no more than one read of the socket holds. */
  #waiting: Queue<Said> | undefined;
  #obstacles = 0;
  #paused = false;
  #reading = false;
  /** Something came since it was last looked. */
  #heard = true;
  /** Bytes that it had not read then. */
  #backlog = 0;
  #speaksBinary = false;
  #left = false;

  constructor(core: Core, ws: WebSocket, address: Address, idle: number, query: string) {
    this.#core = core;
    this.#ws = ws;
    this.#idle = idle;
    this.load = new ClientLoad(address.client, address.vnode);
    this.load.guest = this;
    this.#attendance = new Attendance(core.events, this.load, address, query);
    this.due = core.deadlines.now + idle;
    core.deadlines.add(this);
    ws.on('message', (data: Buffer, binary) => this.#hear(data, binary));
    ws.on('pong', () => {
      this.#heard = true;
    });
    // A frame that is too long or not well formed: ws closes with the code that says so.
    ws.on('error', (error) => {
      core.counters.protocolErrors++;
      core.log.debug({ client: address.client, err: error }, 'websocket failed');
    });
  }

  /** An action that it has not asked for. */
  act(action: Uint8Array): void {
    this.#send(action, !this.#speaksBinary && isUtf8(action));
  }

  answer(said: Said, outcome: Outcome, bytes = NOTHING): void {
    const { answers, counters } = this.#core;
    if (outcome === 'silent') return;
    if (outcome === 'unknown') {
      this.#send(NOTHING, false);
      return;
    }
    const isLost = outcome === 'lost';
    const action = isLost ? answers.frame(said.payload, 'N2O_HOST_UNAVAILABLE') : bytes;
    counters.actions++;
    this.#send(action, said.text && isUtf8(action));
  }

  /** There is room in the window that was full: for what comes after the event that is being settled. */
  resume(obstacle: Obstacle): void {
    queueMicrotask(() => this.#clear(obstacle));
  }

  /** Takes no more messages: the module hears of the end in time. */
  stop(): void {
    this.#obstacles |= CLOSING;
    this.#steer();
    this.#attendance.end();
  }

  /** Says goodbye, and does not wait for long. */
  close(code: number, reason: string): void {
    this.#left = true;
    this.#waiting = undefined;
    // Lest the goodbye of the other side is not heard.
    this.#ws.resume();
    this.#ws.close(code, reason);
  }

  /** The WebSocket is closed; what is under way ends without a word. */
  leave(): void {
    this.#left = true;
    this.load.guest = undefined;
    this.#waiting = undefined;
    this.#core.deadlines.remove(this);
    this.#core.events.windows.forget(this.load, this);
    this.#attendance.end();
  }

  /** Nothing came for a while: is it there? Not asked where it is us who do not listen. */
  expire(): void {
    const { bufferedAmount } = this.#ws;
    const reads = bufferedAmount < this.#backlog;
    this.#backlog = bufferedAmount;
    if (!this.#heard && !reads && (this.#obstacles & (WINDOW | CLOSING)) === 0) {
      const { client } = this.load;
      this.#core.log.debug({ client, code: 'N2O_SESSION_KEEPALIVE' }, 'websocket given up');
      this.#ws.terminate();
      return;
    }
    this.#heard = false;
    this.#ws.ping();
    this.due = this.#core.deadlines.now + this.#idle;
    this.#core.deadlines.add(this);
  }

  #hear(data: Buffer, binary: boolean): void {
    if (this.#left) return;
    this.#heard = true;
    if (binary) this.#speaksBinary = true;
    const said = new Said(this, kept(data), !binary);
    if (this.#obstacles === 0 && !this.#waiting && this.#take(said)) return;
    this.#waiting ??= new Queue();
    this.#waiting.push(said);
  }

  /** Gives a message to its vnode; false when there is no room. */
  #take(said: Said): boolean {
    const { events } = this.#core;
    const full = events.windows.fullFor(this.load, said.payload.length);
    if (!full) {
      this.#attendance.say(said);
      return true;
    }
    this.#obstacles |= WINDOW;
    events.windows.stop(this.load, this, full);
    this.#steer();
    return false;
  }

  #clear(obstacle: Obstacle): void {
    this.#obstacles &= ~obstacle;
    if (this.#reading || this.#left) return;
    this.#reading = true;
    while (this.#obstacles === 0 && this.#waiting) {
      const next = this.#waiting.peek();
      if (!next) this.#waiting = undefined;
      else if (this.#take(next)) this.#waiting.shift();
    }
    this.#reading = false;
    this.#steer();
  }

  #send(bytes: Uint8Array, text: boolean): void {
    const ws = this.#ws;
    if (ws.readyState !== WebSocket.OPEN) return;
    const { bufferedAmount } = ws;
    if (bufferedAmount > this.#core.limits.outputBytes) {
      this.#fail();
      return;
    }
    if (bufferedAmount <= OUTPUT_HIGH && (this.#obstacles & CLOGGED) === 0) {
      ws.send(bufferedAmount > 0 ? kept(bytes) : bytes, { binary: !text });
      return;
    }
    // Who asks for more than it reads is not read from until it has read. All that is sent meanwhile
    // looks whether it has: only behind the last is nothing more on its way.
    this.#obstacles |= CLOGGED;
    this.#steer();
    ws.send(kept(bytes), { binary: !text }, () => {
      if (ws.bufferedAmount <= OUTPUT_HIGH) this.#clear(CLOGGED);
    });
  }

  #fail(): void {
    const { code, message } = new N2OError('N2O_SESSION_SLOW');
    this.#core.log.debug({ client: this.load.client, code }, message);
    this.close(TRY_AGAIN_LATER, code);
  }

  #steer(): void {
    const pause = this.#obstacles !== 0;
    if (pause === this.#paused) return;
    this.#paused = pause;
    if (pause) this.#ws.pause();
    else this.#ws.resume();
  }
}
