/** A vnode host with times of the test's own: `host.mjs BROKER NAME FOLDER KEEPALIVE`. */
import { createHost, joinCluster, readEndpoint } from '@n2o/vnode';

const [broker = '', name = '', folder = '', keepalive = ''] = process.argv.slice(2);
const say = (level) => (fields, msg) => {
  const { err, ...rest } = fields;
  process.stdout.write(
    `${JSON.stringify({ level, ...rest, ...(err && { err: err.message }), msg })}\n`,
  );
};
const log = { debug() {}, info: say('info'), warn: say('warn'), error: say('error') };
const host = await createHost({ folder, workers: 1, log });
const member = joinCluster({
  endpoint: readEndpoint(broker),
  name,
  vnodes: 16,
  workers: 1,
  host,
  times: { keepalive: Number(keepalive) },
  log,
});
process.on('SIGTERM', async () => {
  await member.close();
  await host.close();
  process.exit(0);
});
await member.ready;
log.info({ vnodes: member.vnodes }, 'ready');
