/** A bus that keeps what is said on it, and lets a test say what is heard. */
import type { Bus, Publication, PublishOptions } from '@n2o/shared';

export interface Said {
  /** A topic; or a member, as `module/version/client`. */
  readonly to: string;
  readonly payload: Uint8Array;
  /** Of what was published. */
  readonly options?: Required<PublishOptions>;
}

interface Listener {
  readonly filter: string;
  readonly hear: (publication: Publication) => void;
}

export class KnownBus implements Bus {
  readonly said: Said[] = [];
  readonly listeners = new Set<Listener>();

  /** What was said, each as its address and its text. */
  get lines(): string[] {
    return this.said.map(({ to, payload }) => `${to} ${Buffer.from(payload)}`);
  }

  async publish(...[to, payload, options]: Parameters<Bus['publish']>): Promise<void> {
    this.said.push({ to, payload, options });
  }

  async tell(...[member, payload]: Parameters<Bus['tell']>): Promise<void> {
    const { module, version, client } = member;
    this.said.push({ to: `${module}/${version}/${client}`, payload });
  }

  async subscribe(...[filter, hear]: Parameters<Bus['subscribe']>) {
    const listener = { filter, hear };
    this.listeners.add(listener);
    return { unsubscribe: async () => void this.listeners.delete(listener) };
  }

  /** Says something to those who have subscribed to this very topic. */
  hear(topic: string, text: string): void {
    const publication = { topic, payload: Buffer.from(text), retain: false };
    for (const { filter, hear } of this.listeners) if (filter === topic) hear(publication);
  }
}
