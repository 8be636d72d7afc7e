/**
 * What an event costs in a worker, from its payload to its outcome: `node bench/loop.mjs [seconds]`
 * prints microseconds per event, the median of five rounds of so many seconds for each case.
 */
import { createFormatters } from '@n2o/shared';
import { DEFAULT_PROTOCOLS } from '../packages/vnode/dist/protocols/defaults.js';
import { resolveProtocols } from '../packages/vnode/dist/protocols/protocols.js';
import { createRuntime } from '../packages/vnode/dist/runtime/runtime.js';

const SECONDS = Number(process.argv[2] ?? 0.2);
const ROUNDS = 5;
/** Events that are under way at once, each of another client. */
const CLIENTS = 97;

const echo = (message) => message;
const modules = {
  echo: { event: echo },
  rpc: { methods: { echo } },
  late: { event: async (message) => message },
};
const CASES = [
  ['text, synchronous', 'echo', 'x'.repeat(64)],
  ['JSON, synchronous', 'echo', JSON.stringify({ set: 21.5, unit: 'C', tags: ['a', 'b'] })],
  ['BERT, synchronous', 'echo', createFormatters().bert.encode({ set: 21.5, tags: ['a', 'b'] })],
  ['JSON-RPC, synchronous', 'rpc', '{"jsonrpc":"2.0","method":"echo","params":[1],"id":1}'],
  ['text, asynchronous', 'late', 'x'.repeat(64)],
];

const quiet = () => {};
const runtime = await createRuntime({
  modules: new Map(Object.entries(modules)),
  protocols: await resolveProtocols(DEFAULT_PROTOCOLS, {
    load: () => Promise.reject(new Error('there are no others')),
    exposeErrors: false,
  }),
  formatters: createFormatters(),
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  observe: { enter: quiet, leave: quiet },
});

/** Events per client, settled by counting down. */
function events(module, payload) {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const batch = { left: 0, done: quiet };
  const settle = () => {
    if (--batch.left === 0) batch.done();
  };
  batch.events = Array.from({ length: CLIENTS }, (_, i) => ({
    route: { client: `client-${i}`, module, version: '1', vnode: 1, user: '', token: '' },
    payload: bytes,
    qos: 1,
    dup: false,
    settle,
  }));
  return batch;
}

/** Microseconds per event in one round. */
async function round(batch) {
  const from = process.cpuUsage();
  const until = performance.now() + SECONDS * 1_000;
  let count = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 100; i++) {
      batch.left = CLIENTS;
      let settled = false;
      /** @type {Promise<void>} */
      const all = new Promise((resolve) => {
        batch.done = () => {
          settled = true;
          resolve();
        };
      });
      for (const event of batch.events) runtime.deliver(event);
      if (!settled) await all;
      count += CLIENTS;
    }
  }
  const { user, system } = process.cpuUsage(from);
  return (user + system) / count;
}

for (const [name, module, payload] of CASES) {
  const batch = events(module, payload);
  await round(batch);
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round(batch));
  const [median] = rounds.sort((a, b) => a - b).slice(ROUNDS >> 1);
  console.log(`${String(name).padEnd(24)}${median.toFixed(3)} µs`);
}
await runtime.close();
