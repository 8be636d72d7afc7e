/** Who is in which room: kept in the store, for all workers and hosts to see. */
import { type Change, type Member, N2OError, requireMember, type Store } from '@n2o/shared';

export interface RoomsOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds after which a member has left who has not renewed it. */
  readonly ttl: number;
  /** Members that a room may have. */
  readonly limit: number;
}

/** Whose time has been over for this part of it is removed: who renews a bit too late may be about to, and would be lost. */
const GRACE = 1 / 24;

export class Rooms {
  readonly #options: RoomsOptions;

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  /** Puts a member in, or renews it. @throws N2O_TOPIC_NAME, N2O_ROOM_LIMIT, N2O_STORE_UNAVAILABLE */
  async add(room: string, member: Member): Promise<void> {
    const { store, now, ttl } = this.#options;
    const group = groupOf(room);
    const field = fieldOf(member);
    const [known] = await store.get(group, [field]);
    if (known === undefined || timeIn(known) <= now()) await this.#requirePlace(room, group);
    const until = Buffer.from(String(now() + ttl));
    await store.commit([
      { group, field, value: until },
      // A room that nobody renews goes with the last of its members.
      { group, lifetime: ttl },
    ]);
  }

  /** @throws N2O_TOPIC_NAME, N2O_STORE_UNAVAILABLE */
  async remove(room: string, member: Member): Promise<void> {
    const group = groupOf(room);
    await this.#options.store.commit([{ group, field: fieldOf(member), value: undefined }]);
  }

  /** Those whose time is not over; others are removed in time. @throws N2O_TOPIC_NAME, N2O_STORE_UNAVAILABLE */
  async members(room: string): Promise<readonly Required<Member>[]> {
    const { store, now, ttl } = this.#options;
    const group = groupOf(room);
    const time = now();
    // A field may come twice.
    const members = new Map<string, Required<Member>>();
    const gone: Change[] = [];
    for await (const entries of store.entries(group)) {
      for (const [field, until] of entries) {
        const end = timeIn(until);
        if (end > time) members.set(field, memberIn(field));
        else if (end + GRACE * ttl <= time) gone.push({ group, field, value: undefined });
      }
    }
    if (gone.length > 0) await store.commit(gone);
    return [...members.values()];
  }

  /** Those that are counted may have left without a word: only a room that seems full is read. */
  async #requirePlace(room: string, group: string): Promise<void> {
    const { store, limit } = this.#options;
    const count = (await store.extent(group))?.count ?? 0;
    if (count < limit || (await this.members(room)).length < limit) return;
    throw new N2OError('N2O_ROOM_LIMIT');
  }
}

/** A member with its default filled in. */
export function memberOf({ client, module, version = '1' }: Member): Required<Member> {
  return { client, module, version };
}

function groupOf(room: string): string {
  if (room === '' || room.includes('\0')) {
    throw new N2OError('N2O_TOPIC_NAME', 'the room has no name');
  }
  return `room/${room}`;
}

/** The client comes last: its id may hold slashes. */
function fieldOf(member: Member): string {
  const { client, module, version } = memberOf(member);
  requireMember({ client, module, version });
  return `${module}/${version}/${client}`;
}

function timeIn(until: Uint8Array): number {
  return Number(Buffer.from(until).toString());
}

function memberIn(field: string): Required<Member> {
  const [module = '', version = '', ...client] = field.split('/');
  return { module, version, client: client.join('/') };
}
