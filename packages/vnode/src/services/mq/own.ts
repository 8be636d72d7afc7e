/** The mq of one loading of the application's code: what that has subscribed to ends with it. */
import type { Logger, Mq, Publication, Subscription } from '@n2o/shared';
import { isThenable } from '../../protocols/thenable.ts';

export interface OwnMq {
  readonly mq: Mq;
  /** Ends its subscriptions, also those that are still being made. Idempotent. */
  close(): Promise<void>;
}

/** @param shared whatever `mq` the settings have chosen */
export function createOwnMq(shared: Mq, log: Logger): OwnMq {
  const open = new Set<Subscription>();
  let closed = false;
  return {
    mq: {
      publish: (topic, message, options) => shared.publish(topic, message, options),
      action: (member, message, options) => shared.action(member, message, options),
      tell: (member, message) => shared.tell(member, message),
      async subscribe(filter, listener) {
        const subscription = await shared.subscribe(filter, logged(listener, log));
        if (closed) await subscription.unsubscribe();
        else open.add(subscription);
        return {
          unsubscribe() {
            open.delete(subscription);
            return subscription.unsubscribe();
          },
        };
      },
      reg: (room, member) => shared.reg(room, member),
      unreg: (room, member) => shared.unreg(room, member),
      members: (room) => shared.members(room),
      send: (room, message) => shared.send(room, message),
    },
    async close() {
      closed = true;
      const subscriptions = [...open];
      open.clear();
      // Without a bus there is nothing left to be ended.
      await Promise.allSettled(subscriptions.map((subscription) => subscription.unsubscribe()));
    },
  };
}

/** A listener may be asynchronous: what it rejects with is logged as what it throws, and ends no worker. */
function logged(
  listener: (publication: Publication) => unknown,
  log: Logger,
): (publication: Publication) => void {
  return (publication) => {
    const result = listener(publication);
    if (!isThenable(result)) return;
    const { topic } = publication;
    Promise.resolve(result).catch((err) => log.error({ err, topic }, 'a listener threw'));
  };
}
