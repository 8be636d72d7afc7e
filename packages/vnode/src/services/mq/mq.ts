/** Publish and subscribe for server code, over the bus of its host. */
import {
  actionsTopic,
  atom,
  type Bus,
  type Formatters,
  type Member,
  type Mq,
  N2OError,
  type PublishOptions,
  type Store,
  tuple,
} from '@n2o/shared';
import { memberOf, Rooms } from './rooms.ts';

export interface MqOptions {
  readonly bus: Bus;
  /** Where it is kept who is in which room. */
  readonly store: Store;
  readonly formatters: Formatters;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Milliseconds after which a member has left a room who has not renewed it. Default: a day. */
  readonly roomTtl?: number;
  /** Members that a room may have. Default: 10,000. */
  readonly roomLimit?: number;
}

/** Members of a room that are told at once. */
const BATCH = 64;

export function createBusMq(options: MqOptions): Mq {
  const { bus, store, formatters, now = Date.now } = options;
  const { roomTtl: ttl = 86_400_000, roomLimit: limit = 10_000 } = options;
  const rooms = new Rooms({ store, now, ttl, limit });
  const { json } = formatters;
  // JSON has a form for all that BERT has, and brings objects and texts back as they were.
  const said = (message: unknown) => json.encode(tuple(atom('server'), message));
  return {
    async publish(topic, message, how) {
      const payload = message instanceof Uint8Array ? message : json.encode(message);
      await bus.publish(topic, payload, filled(how));
    },
    async action(member, message, how) {
      const { module, version, client } = memberOf(member);
      const payload = formatters[how?.format ?? 'bert'].encode(message);
      await bus.publish(actionsTopic(version, module, client), payload, filled(how));
    },
    async tell(member, message) {
      await bus.tell(memberOf(member), said(message));
    },
    subscribe: (filter, listener) => bus.subscribe(filter, listener),
    reg: (room, member) => rooms.add(room, member),
    unreg: (room, member) => rooms.remove(room, member),
    members: (room) => rooms.members(room),
    async send(room, message) {
      const payload = said(message);
      const tell = (member: Required<Member>) =>
        bus.tell(member, payload).catch((thrown: unknown) => {
          // Who has left without a word is in the room no more.
          if (thrown instanceof N2OError && thrown.code === 'N2O_MEMBER_GONE') {
            return rooms.remove(room, member);
          }
          throw thrown;
        });
      await tellAll(await rooms.members(room), tell);
    },
  };
}

/** Tells all of them, some at a time. @throws the first error, when all others have been told */
async function tellAll(
  members: readonly Required<Member>[],
  tell: (member: Required<Member>) => Promise<void>,
): Promise<void> {
  let failed: PromiseRejectedResult | undefined;
  for (let i = 0; i < members.length; i += BATCH) {
    const told = await Promise.allSettled(members.slice(i, i + BATCH).map(tell));
    failed ??= told.find((result) => result.status === 'rejected');
  }
  if (failed) throw failed.reason;
}

function filled({ qos = 1, retain = false }: PublishOptions = {}): Required<PublishOptions> {
  return { qos, retain };
}
