/** Packets that a peer waits for: each comes, or is late, or the connection ends before it. */
import { N2OError } from '@n2o/shared';
import type { Packet } from 'mqtt-packet';

export class Answers {
  readonly #patience: number;
  readonly #waiting = new Map<string, (packet: Packet | undefined) => void>();
  #over = false;

  /** @param patience milliseconds that an answer may take */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /**
   * Resolves with the packet of this name, as `nameOf` makes it.
   *
   * @param question what it answers, for the text of the error
   * @throws N2OError `N2O_PROBE_TIMEOUT`, `N2O_PROBE_CLOSED`
   */
  wait(name: string, question: string): Promise<Packet> {
    return new Promise((resolve, reject) => {
      const closed = () =>
        reject(new N2OError('N2O_PROBE_CLOSED', `the broker closed the connection at ${question}`));
      if (this.#over) return closed();
      const late = setTimeout(() => {
        this.#waiting.delete(name);
        const text = `no answer to ${question} within ${this.#patience} ms`;
        reject(new N2OError('N2O_PROBE_TIMEOUT', text));
      }, this.#patience);
      this.#waiting.set(name, (packet) => {
        clearTimeout(late);
        if (packet) resolve(packet);
        else closed();
      });
    });
  }

  /** Hands a packet to who waits for it. */
  take(packet: Packet): void {
    const name = nameOf(packet.cmd, packet.messageId);
    this.#waiting.get(name)?.(packet);
    this.#waiting.delete(name);
  }

  /** No more will come. */
  end(): void {
    this.#over = true;
    for (const settle of this.#waiting.values()) settle(undefined);
    this.#waiting.clear();
  }
}

/** `puback 7`, `pingresp` */
export function nameOf(cmd: Packet['cmd'], id = 0): string {
  return id === 0 ? cmd : `${cmd} ${id}`;
}
