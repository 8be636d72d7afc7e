/** What server code may publish to, hear and speak to, whatever carries it. */
import { N2OError } from '../errors.ts';
import { isTopicFilter, isTopicName } from '../topic.ts';
import type { Member } from './mq.ts';

/** Code units of the text of a topic: whatever the broker takes, MQTT takes no more bytes. */
const MAX_LENGTH = 65_535;

/** Clients speak on it, or the cluster: `tell` is the way into a mailbox. */
const CLOSED = /^(?:events\/|n2o\/|\$)/;

/**
 * Of these nobody hears anything, or they are the cluster's own; but what is to be logged is told to
 * server code. Subscriptions are not shared.
 */
const DEAF = /^(?:events\/|n2o\/(?!log$)|\$share\/)/;

/** May server code publish to it? @throws N2O_TOPIC_NAME, N2O_TOPIC_FORBIDDEN */
export function requirePublishable(topic: string): void {
  if (!isTopicName(topic) || topic.length > MAX_LENGTH) throw new N2OError('N2O_TOPIC_NAME');
  if (CLOSED.test(topic)) {
    throw new N2OError('N2O_TOPIC_FORBIDDEN', 'server code does not publish to this topic');
  }
}

/** May server code hear what is published to it? @throws N2O_TOPIC_FILTER, N2O_TOPIC_FORBIDDEN */
export function requireHearable(filter: string): void {
  if (!isTopicFilter(filter) || filter.length > MAX_LENGTH) throw new N2OError('N2O_TOPIC_FILTER');
  if (DEAF.test(filter)) {
    throw new N2OError('N2O_TOPIC_FORBIDDEN', 'server code does not subscribe to this filter');
  }
}

/** Can topics name this client and module? @throws N2O_TOPIC_NAME */
export function requireMember({ client, module, version }: Required<Member>): void {
  const levels = [module, version];
  if (levels.some((level) => level.includes('/')) || ![...levels, client].every(isTopicName)) {
    throw new N2OError('N2O_TOPIC_NAME', 'no topic names this client and module');
  }
}
