/** What one probe plays on: topics and client ids of its own, all of which are gone afterwards. */
import { N2OError } from '@n2o/shared';
import { type Joining, join } from './join.ts';
import type { Peer } from './peer.ts';
import type { Target } from './target.ts';

/** What probes share. */
export interface Course {
  readonly target: Target;
  /** In front of every topic and client id of this run: nobody else has it. */
  readonly prefix: string;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  /** Milliseconds without a message, after which what is missing is taken for lost. */
  readonly lull: number;
  /** Milliseconds in which that comes which should not come. */
  readonly quiet: number;
  /** Messages that are queued to find the bound of a queue. */
  readonly messages: number;
  /** Messages that a queue was seen to hold. */
  readonly bound: number;
}

export class Stage {
  readonly course: Course;
  readonly #name: string;
  readonly #joined: Promise<Peer>[] = [];
  readonly #kept = new Set<string>();
  readonly #retained = new Set<string>();
  #ids = 0;
  #over = false;

  /** @param name of the probe: a level of its topics */
  constructor(course: Course, name: string) {
    this.course = course;
    this.#name = name;
  }

  topic(name: string): string {
    return `${this.course.prefix}/${this.#name}/${name}`;
  }

  /** A client id that nobody had. */
  id(): string {
    return `${this.course.prefix.replaceAll('/', '-')}-${this.#name}-${++this.#ids}`;
  }

  /**
   * Connects; a clean session with an id of its own unless told otherwise.
   *
   * @throws N2OError `N2O_CLIENT_CONNECT`, `N2O_PROBE_CLOSED` when the stage has been cleared
   */
  async join(how: Partial<Joining> = {}): Promise<Peer> {
    if (this.#over) throw new N2OError('N2O_PROBE_CLOSED', 'the probe is over');
    const { id = this.id(), clean = true } = how;
    if (!clean) this.#kept.add(id);
    const joining = { keepalive: 0, acknowledges: true, ...how, id, clean };
    const joined = join(this.course.target, joining, this.course.patience);
    this.#joined.push(joined);
    return joined;
  }

  /** A session that is away: it has subscribed to the topic with QoS 1, and left. Resolves with its id. */
  async absent(topic: string): Promise<string> {
    const peer = await this.join({ clean: false });
    await peer.subscribe(topic, 1);
    await peer.leave();
    return peer.id;
  }

  /** A topic that something may come to be retained on. */
  retained(name: string): string {
    const topic = this.topic(name);
    this.#retained.add(topic);
    return topic;
  }

  /** Ends connections, sessions and retained messages; what cannot be ended is left. */
  async clear(): Promise<void> {
    this.#over = true;
    await Promise.allSettled(this.#joined.map(async (joined) => (await joined).drop()));
    const sessions = [...this.#kept].map(async (id) => {
      const peer = await this.#last(id);
      await peer.leave();
    });
    const retained = [...this.#retained].map(async (topic) => {
      const peer = await this.#last(this.id());
      await peer.publish(topic, '', 1, true);
      await peer.leave();
    });
    await Promise.allSettled([...sessions, ...retained]);
  }

  #last(id: string): Promise<Peer> {
    const joining = { id, clean: true, keepalive: 0, acknowledges: false };
    return join(this.course.target, joining, this.course.patience);
  }
}
