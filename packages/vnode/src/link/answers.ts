/** What goes back to the broker for an event: the action, then the PUBACK, both in one write. */
import { ERRORS, type ErrorCode, ErrorFrame, type Formatters, type Logger } from '@n2o/shared';
import type { Address } from './address.ts';
import type { LinkCounters } from './counters.ts';
import { deadLetter } from './dead-letter.ts';
import type { LinkEvent } from './event.ts';
import type { Line } from './line.ts';
import type { SendLimit } from './send-limit.ts';
import type { Publish } from './wire.ts';

export class Answers {
  readonly #counters: LinkCounters;
  readonly #formatters: Formatters;
  readonly #log: Logger;
  readonly #limit: SendLimit;

  /** @param limit of what the broker takes: one packet that is larger breaks the link, again and again */
  constructor(counters: LinkCounters, formatters: Formatters, log: Logger, limit: SendLimit) {
    this.#limit = limit;
    this.#counters = counters;
    this.#formatters = formatters;
    this.#log = log;
  }

  /** Sends what came of an event. */
  send(line: Line, event: LinkEvent): void {
    const { route, action, qos, id } = event;
    if (event.outcome === 'dead') {
      const letter = deadLetter(event);
      const fits = this.#fits(letter.topic, letter.payload);
      line.send(letter.topic, fits ? letter.payload : deadLetter(event, false).payload, 1);
    }
    if (action) {
      this.#counters.linkActions++;
      const fits = this.#fits(route.actions, action);
      line.send(route.actions, fits ? action : this.#tooLarge(event, action.length), qos);
    }
    if (id > 0) line.acknowledge(id);
  }

  /** Has done with a message that cannot be handled: it must not come again and again. */
  refuse(line: Line, packet: Publish, address: Address | undefined): void {
    const count = ++this.#counters.linkRefusedEvents;
    // The first, the second, the fourth, …: whoever sends nonsense shall not fill the log.
    if ((count & (count - 1)) === 0) {
      const fields = { topic: packet.topic.slice(0, 200), count };
      this.#log.warn(fields, 'message refused: it is no event, or too large');
    }
    if (address && packet.truncated) {
      const code = address.origin === 'http' ? 'N2O_HTTP_BODY' : 'N2O_PACKET_LIMIT';
      line.send(address.actions, this.#frame(packet.payload, code), packet.qos);
    }
    if (packet.id > 0) line.acknowledge(packet.id);
  }

  #fits(topic: Uint8Array, payload: Uint8Array): boolean {
    return this.#limit.fits(topic.length, payload.length);
  }

  /** What the client is told instead of an action. */
  #tooLarge({ route: { module, client }, payload }: LinkEvent, bytes: number): Uint8Array {
    const fields = { module, client, bytes, limit: this.#limit.bytes };
    this.#log.error(fields, 'an answer is too large for a packet');
    return this.#frame(payload, 'N2O_PACKET_LIMIT');
  }

  /** An error frame in the format of what was asked. */
  #frame(asked: Uint8Array, code: ErrorCode): Uint8Array {
    const format = this.#formatters[this.#formatters.detect(asked)];
    return format.encode(new ErrorFrame(code, ERRORS[code]));
  }
}
