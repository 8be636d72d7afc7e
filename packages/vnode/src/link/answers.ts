/** What goes back to the broker for an event: the action, then the PUBACK, both in one write. */
import { ERRORS, ErrorFrame, type Formatters, type Logger } from '@n2o/shared';
import type { Address } from './address.ts';
import type { LinkCounters } from './counters.ts';
import { deadLetter } from './dead-letter.ts';
import type { LinkEvent } from './event.ts';
import type { Line } from './line.ts';
import type { Publish } from './wire.ts';

export class Answers {
  readonly #counters: LinkCounters;
  readonly #formatters: Formatters;
  readonly #log: Logger;

  constructor(counters: LinkCounters, formatters: Formatters, log: Logger) {
    this.#counters = counters;
    this.#formatters = formatters;
    this.#log = log;
  }

  /** Sends what came of an event. */
  send(line: Line, event: LinkEvent): void {
    const { route, action, qos, id } = event;
    if (event.outcome === 'dead') {
      const letter = deadLetter(event);
      line.send(letter.topic, letter.payload, 1);
    }
    if (action) {
      this.#counters.linkActions++;
      line.send(route.actions, action, qos);
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
      const format = this.#formatters[this.#formatters.detect(packet.payload)];
      const frame = new ErrorFrame('N2O_PACKET_LIMIT', ERRORS.N2O_PACKET_LIMIT);
      line.send(address.actions, format.encode(frame), packet.qos);
    }
    if (packet.id > 0) line.acknowledge(packet.id);
  }
}
