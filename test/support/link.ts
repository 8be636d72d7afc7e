/** A link in the hands of a test: it holds each event until the test settles it. */
import type { Event, Link } from '@n2o/shared';

export class TestLink implements Link {
  /** All that was delivered, in order. */
  readonly events: Event[] = [];
  /** Called with each event as it is delivered; settles it or leaves it to the test. */
  answer: (event: Event) => void = () => {};
  #taken = 0;
  #wake: () => void = () => {};

  deliver(event: Event): void {
    this.events.push(event);
    this.#wake();
    this.answer(event);
  }

  /** The next event that this was not called for yet. */
  async next(): Promise<Event> {
    while (this.#taken >= this.events.length) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.events[this.#taken++] as Event;
  }

  /** The next events, as many as asked for. */
  async take(count: number): Promise<Event[]> {
    const events: Event[] = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }
}

/** Answers with what was asked. */
export function echo(event: Event): void {
  event.settle('reply', Uint8Array.from(event.payload));
}

/** What an event says. */
export function textOf(event: Event): string {
  return Buffer.from(event.payload).toString();
}
