/** `n2o sub FILTER…`: prints messages, a line each, until it is told to end or has seen enough. */
import { connect } from '@n2o/client';
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { untilSignal } from '../signals.ts';
import { connectionOf } from './connection.ts';

export async function sub({ options, operands }: Resolved, io: Io): Promise<number> {
  const told = untilSignal(io);
  const { count = Number.POSITIVE_INFINITY, verbose, qos } = options;
  const { url, ...rest } = connectionOf(options);
  await using client = await connect(url, rest);
  client.on('disconnect', (error) => {
    io.stderr.write(`n2o: ${error.code}: ${error.message}; reconnecting\n`);
  });
  const enough = new Promise<void>((resolve) => {
    let seen = 0;
    client.on('message', ({ topic, payload }) => {
      if (seen === count) return;
      if (verbose) io.stdout.write(`${topic} `);
      io.stdout.write(payload);
      io.stdout.write('\n');
      if (++seen === count) resolve();
    });
  });
  await client.subscribe(operands, qos);
  await Promise.race([enough, told]);
  return 0;
}
