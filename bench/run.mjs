/** The benchmark: N2O, a bare Aedes echo and, for connections, Mosquitto, in one run, as a table. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureConnections } from './connections.mjs';
import { measureFiles } from './files.mjs';
import { measureKept } from './kept.mjs';
import { chooseGenerator } from './load.mjs';
import { profiles } from './profile.mjs';
import { CELLS, measureCell } from './rpc.mjs';
import { measureScale, placement } from './scale.mjs';
import { aedes, mosquitto, n2o } from './servers.mjs';
import { measureSlowReaders } from './slow-readers.mjs';
import { measureStores } from './store.mjs';
import { figure, table, writeInto } from './tables.mjs';
import {
  hasWrk,
  measurePages,
  measureSockets,
  pagesTable,
  placement as webPlacement,
} from './web.mjs';

const ROOT = join(import.meta.dirname, '..');
const USAGE = `npm run bench -- [options]
  --rounds N        how often each server is measured in each cell (5)
  --seconds S       for how long each time (1.5)
  --connections N   idle connections (5000)
  --pages N         pages that are open at the same time (10000)
  --file-mb N       size of the file that is moved (1000)
  --only PART       rpc, connections, kept, stores, slow, files, web, scale, profile or micro
  --n2o COMMAND     what to start in place of this repository's build; it prints its mqtt:// address
  --write           put the results into docs/performance.md`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1.5' },
    connections: { type: 'string', default: '5000' },
    pages: { type: 'string', default: '10000' },
    'file-mb': { type: 'string', default: '1000' },
    only: { type: 'string' },
    n2o: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const PARTS = { rpc, connections, kept, stores, slow, files, web, scale, profile, micro };
const parts = values.only ? [values.only] : Object.keys(PARTS);
const effort = {
  rounds: within('rounds', 1, 100),
  seconds: within('seconds', 0.1, 60),
  count: within('connections', 1, 50_000),
  pages: within('pages', 1, 25_000),
  bytes: within('file-mb', 1, 100_000) * 1e6,
};
if (!Object.hasOwn(PARTS, parts[0])) refuse(`--only: expected ${Object.keys(PARTS).join(', ')}`);
if (values.write && values.only) refuse('--write needs the whole benchmark: leave out --only');
const generator = chooseGenerator();

// Each server under test has a listener of its own.
process.setMaxListeners(0);
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const faults = [];
const report = [machine()];
console.log(`${report[0]}\n`);
for (const part of parts) {
  const text = await PARTS[part]();
  if (text) report.push(text);
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else if (values.write) writeInto(join(ROOT, 'docs/performance.md'), report.join('\n\n'));

function within(name, least, most) {
  const number = Number(values[name]);
  if (!(number >= least && number <= most)) refuse(`--${name}: expected ${least}..${most}`);
  return number;
}

function refuse(why) {
  console.error(why);
  process.exit(2);
}

async function rpc() {
  const servers = [];
  const rows = [];
  const pair = (what) => [`n2o ${what}`, `Aedes ${what}`];
  const head = ['in flight, payload, QoS', ...pair('RPC/s'), 'ratio'];
  head.push(...pair('p50 ms'), ...pair('p99 ms'), ...pair('CPU µs'));
  try {
    for (const contender of [n2o(values.n2o), aedes()]) servers.push(await contender.start());
    for (const cell of CELLS) {
      const [ours, theirs] = await measureCell(generator, servers, cell, effort);
      const name = cellName(cell);
      for (const { name: who, faults: count } of [ours, theirs]) {
        if (count > 0) faults.push(`${name}: ${count} wrong, late or lost at ${who}`);
      }
      rows.push([
        name,
        figure(ours.rps),
        figure(theirs.rps),
        `**${figure(ours.ratio, 2)}**`,
        figure(ours.p50 / 1000, 1),
        figure(theirs.p50 / 1000, 1),
        figure(ours.p99 / 1000, 1),
        figure(theirs.p99 / 1000, 1),
        figure(ours.cpu, 1),
        figure(theirs.cpu, 1),
      ]);
      if (rows.length === 1) console.log(table(head, rows));
      else console.log(table(head, rows).split('\n').at(-1));
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  const text = [
    'Requests per second, each verified; response times at that load; CPU time of the server per',
    `request, all threads. Medians of ${effort.rounds} rounds of ${effort.seconds} s, taking turns;`,
    "the ratio is the median of the rounds' ratios.",
  ];
  return `### Requests and replies\n\n${text.join(' ')}\n\n${table(head, rows)}`;
}

function cellName({ connections: count, window, size, qos }) {
  const payload = size < 1024 ? `${size} B` : `${size / 1024} KiB`;
  return `${count} × ${window}, ${payload}, QoS ${qos}`;
}

async function connections() {
  const contenders = [n2o(values.n2o), aedes(), mosquitto()].filter((one) => one !== undefined);
  const rounds = Math.min(effort.rounds, 3);
  const results = await measureConnections(generator, contenders, { count: effort.count, rounds });
  for (const { name, faults: lost } of results) {
    if (lost > 0) faults.push(`${name}: ${lost} connections were refused or lost`);
  }
  const bare = results[1];
  const head = [`${figure(effort.count)} idle`, 'KiB each', 'of Aedes', 'connected/s', 'of Aedes'];
  const rows = results.map(({ name, bytesEach, perSecond }) => [
    name,
    figure(bytesEach / 1024, 1),
    figure(bytesEach / bare.bytesEach, 2),
    figure(perSecond),
    figure(perSecond / bare.perSecond, 2),
  ]);
  const text = table(head, rows);
  console.log(`\n${text}`);
  const how = [
    'Each with a subscription to its own actions: automatic at n2o, by SUBSCRIBE elsewhere. Growth of',
    `resident memory once it no longer moves, new processes each round; medians of ${rounds} rounds.`,
  ];
  return `### Connections\n\n${how.join(' ')}\n\n${text}`;
}

/** What it costs that nothing is lost. */
async function kept() {
  if (values.n2o) return '';
  const cells = await measureKept(generator, effort);
  const head = ['in flight, payload, QoS', 'memory RPC/s', 'folder RPC/s', 'of memory'];
  head.push('redis RPC/s', 'of memory');
  const rows = cells.map(({ cell, results: [folder, redis, memory] }) => {
    for (const { name, faults: count } of [folder, redis, memory]) {
      if (count > 0) faults.push(`kept, ${cellName(cell)}: ${count} wrong or lost at ${name}`);
    }
    return [
      cellName(cell),
      figure(memory.rps),
      figure(folder.rps),
      `**${figure(folder.ratio, 2)}**`,
      figure(redis.rps),
      `**${figure(redis.ratio, 2)}**`,
    ];
  });
  const text = table(head, rows);
  console.log(`\n${text}`);
  const how = [
    'Requests per second, each verified, of clients with sessions that are kept; Redis with an',
    `append-only file. Medians of ${effort.rounds} rounds of ${effort.seconds} s, taking turns; each`,
    "ratio is the median of the rounds' ratios.",
  ];
  return `### Kept sessions\n\n${how.join(' ')}\n\n${text}`;
}

async function stores() {
  const text = await measureStores(effort);
  console.log(`\n${text}`);
  const how = [
    'Messages of 200 bytes, each for one of 1,000 clients that are away, up to 5,000 at a time; Redis',
    'with an append-only file; CPU time of this process and of Redis, per message. Medians of',
    `${effort.rounds} rounds of ${effort.seconds} s, taking turns.`,
  ];
  return `### Stores\n\n${how.join(' ')}\n\n${text}`;
}

async function slow() {
  const server = await n2o(values.n2o).start();
  try {
    const results = await measureSlowReaders(server, effort);
    for (const { name, faults: lost } of results) {
      if (lost > 0) faults.push(`slow readers, ${name}: ${lost} messages were late or lost`);
    }
    const head = ['100 clients, 2,000 messages/s', 'p50 ms', 'p99 ms', 'of alone'];
    const rows = results.map(({ name, p50, p99, ratio }) => [
      name,
      figure(p50 / 1000, 2),
      figure(p99 / 1000, 2),
      figure(ratio, 2),
    ]);
    const text = table(head, rows);
    console.log(`\n${text}`);
    const how = [
      'Messages of 1 KiB at QoS 1, each to its own client; both readers are subscribed to all of them.',
      'The frozen one never reads, the slow one 200 KB/s, and both have more before them from the start',
      `than sockets and buffers hold. Medians of ${effort.rounds} rounds of ${effort.seconds} s, taking`,
      "turns; the last column is p99 against who is alone, the median of the rounds' ratios.",
    ];
    return `### Slow readers\n\n${how.join(' ')}\n\n${text}`;
  } finally {
    await server.stop();
  }
}

/** Files, over a line that breaks. */
async function files() {
  if (values.n2o) return '';
  const results = await measureFiles({ bytes: effort.bytes, disconnects: 20 });
  const mb = effort.bytes / 1e6;
  const head = [
    `${figure(mb)} MB`,
    'disconnects',
    'MB/s',
    'of HTTP',
    'server MiB before',
    'at most',
  ];
  const rows = results.map(({ name, cuts, ms, ratio, before, most, isRight }) => {
    if (!isRight) faults.push(`files: ${name} with ${cuts} disconnects has another hash`);
    const memory = [before, most].map((bytes) => figure(bytes / 2 ** 20));
    return [name, figure(cuts), figure(mb / (ms / 1000)), figure(ratio, 2), ...memory];
  });
  const text = table(head, rows);
  console.log(`\n${text}`);
  const how = [
    'A file over MQTT with QoS 0, 8 blocks of 256 KiB under way, through a relay that breaks the',
    'connection; the hash of the whole is compared each time. HTTP is a POST to a server of Node that',
    'writes it to disk and hashes it. Both wait until it is on the disk.',
  ];
  return `### Files\n\n${how.join(' ')}\n\n${text}`;
}

/** Pages, asked for and open. */
async function web() {
  if (values.n2o) return '';
  const { perSecond, bytesEach, faults: gone } = await measureSockets(effort);
  if (gone > 0) faults.push(`web: ${gone} pages over WebSocket are gone`);
  const open = table(
    ['open pages', 'KiB each', 'connected/s'],
    [[figure(effort.pages), figure(bytesEach && bytesEach / 1024, 1), figure(perSecond)]],
  );
  console.log(`\n${open}`);
  const held = [
    'Pages over WebSocket, each with a session, a conversation and the instructions of its `init`;',
    'growth of resident memory of the server, workers included, once it no longer moves; all of them',
    'answer a ping then.',
  ];
  const parts = ['### Pages', held.join(' '), open];
  if (!hasWrk()) {
    parts.push('Requests per second were not measured: `wrk` is not installed.');
    console.log(parts.at(-1));
    return parts.join('\n\n');
  }
  const cells = await measurePages(effort);
  for (const { name, connections: count, faults: wrong } of cells.flat()) {
    if (wrong > 0) faults.push(`web: ${wrong} wrong or lost at ${name} with ${count} connections`);
  }
  console.log(`\n${pagesTable(cells)}`);
  const asked = [
    'Requests per second of `GET /app/page`, which reads the session of its cookie and renders a',
    'template with two variables of it, against `node:http` answering the same bytes; load by wrk,',
    `${webPlacement()}. Medians of ${effort.rounds} rounds, taking turns; the ratio is the median of`,
    "the rounds' ratios.",
  ];
  return [...parts, asked.join(' '), pagesTable(cells)].join('\n\n');
}

/** What a second vnode host brings. */
async function scale() {
  if (values.n2o) return '';
  const rounds = Math.min(effort.rounds, 3);
  const text = await measureScale({ ...effort, rounds });
  console.log(`\n${text}`);
  const how = [
    `A handler that computes for 2 ms, QoS 1, host processes of one worker each; ${placement()}.`,
    `Medians of ${rounds} rounds of ${effort.seconds} s; the ratio is the median of theirs.`,
  ];
  return `### Hosts\n\n${how.join(' ')}\n\n${text}`;
}

/** What the rest is spent on. */
async function profile() {
  if (values.n2o) return '';
  const text = await profiles(generator);
  console.log(`\n${text}`);
  return text;
}

/** The codec and the loop by themselves: scripts that print what they found. */
function micro() {
  const titles = { codec: 'The BERT codec', loop: 'An event in a worker' };
  const texts = Object.entries(titles).flatMap(([name, title]) => {
    const script = `bench/${name}.mjs`;
    if (!existsSync(join(ROOT, script))) return [];
    const { status, stdout } = spawnSync(process.execPath, [script], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) faults.push(`${script} failed`);
    const found = stdout.trim();
    console.log(`\n${title}\n${found}`);
    return `### ${title}\n\n${found.startsWith('|') ? found : `\`\`\`text\n${found}\n\`\`\``}`;
  });
  return texts.join('\n\n');
}

function machine() {
  const version = (name) =>
    JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version;
  const gib = figure(totalmem() / 2 ** 30);
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench\`:`,
    `${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${gib} GiB, ${type()} ${release().split('-', 1)[0]} ${arch()},`,
    `Node ${process.versions.node}, n2o ${version('n2o')}, Aedes ${version('aedes')}, load by ${generator.name}`,
    'on the same machine, over loopback.',
  ].join(' ');
}
