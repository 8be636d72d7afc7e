/** How long and how deep a topic of a client may be. */
import { levelCount, N2OError } from '@n2o/shared';
import type { Limits } from '../limits.ts';

/** @throws N2O_TOPIC_NAME when the topic is beyond a limit */
export function requireFitting(topic: string, { topicLength, topicLevels }: Limits): void {
  if (Buffer.byteLength(topic) > topicLength) {
    throw new N2OError('N2O_TOPIC_NAME', 'the topic is too long');
  }
  if (levelCount(topic) > topicLevels) {
    throw new N2OError('N2O_TOPIC_NAME', 'the topic has too many levels');
  }
}
