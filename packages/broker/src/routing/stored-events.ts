/** Events that are acknowledged when they are stored, for devices that must not wait for a host that is down. */
import { vnodeOf } from '@n2o/shared';
import type { Connection } from '../connection/connection.ts';
import type { Archive } from '../keeping/archive.ts';
import { EventQueue, type Over } from '../keeping/event-queue.ts';
import { eventsOf, type StoredEvent } from '../keeping/records.ts';
import { fingerprint } from '../session/cause.ts';
import type { ReplyMemory } from '../session/memory.ts';
import type { QoS } from '../wire/packet.ts';
import { type Address, readAddress } from './address.ts';
import type { Events } from './events.ts';
import type { ClientLoad } from './load.ts';

export class StoredEvents {
  readonly #archive: Archive;
  readonly #events: Events;
  readonly #memory: ReplyMemory;
  readonly #queues: readonly EventQueue[];

  constructor(archive: Archive, vnodes: number, events: Events, memory: ReplyMemory) {
    this.#archive = archive;
    this.#events = events;
    this.#memory = memory;
    this.#queues = Array.from({ length: vnodes }, (_, i) => {
      return new EventQueue(archive, i + 1, (...given) => this.#give(vnodes, ...given));
    });
  }

  /** Events that their vnode does not have yet. */
  get waiting(): number {
    return this.#queues.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Is it to go this way? One of QoS 0 only lines up behind others. */
  takes({ vnode }: ClientLoad, qos: QoS): boolean {
    return qos > 0 || (this.#queues[vnode - 1]?.waiting ?? 0) > 0;
  }

  /** Takes an event in; false when there is no room. */
  take(
    load: ClientLoad,
    connection: Connection,
    address: Address,
    payload: Uint8Array,
    qos: QoS,
    id: number,
  ): boolean {
    const { client } = load;
    // A token that came with the connection is kept in the topic; not where the id is more than one level.
    const isWhole = load.token === '' || client.includes('/');
    const topic = Buffer.from(isWhole ? address.topic : address.forHosts).toString();
    if (!this.#queues[load.vnode - 1]?.add({ client, topic, payload, qos })) return false;
    if (qos === 0) return true;
    const pledge = this.#archive.promise(qos);
    if (qos === 2) connection.session?.incoming.keep(id);
    this.#archive.keep(pledge);
    // If the acknowledgement is lost on its way it comes again.
    this.#memory.remember(client, id, fingerprint(address.topic, payload), undefined);
    this.#events.inTurn.acknowledge(load, connection, qos, id, pledge);
    pledge?.release();
    return true;
  }

  /** After a restart: what was stored and not settled is given to its vnode again. */
  async restore(): Promise<void> {
    for (const [i, queue] of this.#queues.entries()) {
      const extent = await this.#archive.store.extent(eventsOf(i + 1));
      if (extent) queue.restore(extent);
    }
  }

  #give(vnodes: number, event: StoredEvent, again: boolean, over: Over): void {
    const { client, topic, payload, qos } = event;
    const load = this.#events.loadOf(client, vnodeOf(client, vnodes));
    const { address } = readAddress(topic, client, load.vnode);
    this.#events.accept(load, undefined, address, payload, qos, again, 0, over);
  }
}
