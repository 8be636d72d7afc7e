/** `n2o pub TOPIC MESSAGE`: one message to whoever subscribed. */
import { connect } from '@n2o/client';
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { connectionOf } from './connection.ts';
import { contentOf } from './content.ts';

export async function pub({ options, operands }: Resolved, io: Io): Promise<number> {
  const [topic, operand] = operands as [string, string];
  const content = await contentOf(operand, io);
  const { url, ...rest } = connectionOf(options);
  await using client = await connect(url, rest);
  await client.publish(topic, content, { qos: options.qos, retain: options.retain });
  return 0;
}
