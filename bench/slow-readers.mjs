/** Clients that talk beside others that read slowly or not at all: does their response time change? */
import { createConnection } from 'node:net';
import { createHistogram } from './histogram.mjs';
import { acknowledgement, connect, frames, publish, subscribe } from './packets.mjs';
import { median } from './tables.mjs';

const CLIENTS = 100;
/** Messages of all of them, paced: far from what the server can do, so that only waiting shows. */
const PER_SECOND = 2_000;
const PAYLOAD_BYTES = 1_024;
const TICK_MS = 5;
const WARM_UP_S = 0.5;
/** What a slow reader takes in a second. */
const SLOW_BYTES = 200_000;
/** Said to the readers before anything is measured: more than sockets and output buffers hold. */
const FILL_BYTES = 24 * 2 ** 20;
const FILL_PAYLOAD_BYTES = 16_384;

/**
 * Who is there beside the talking clients.
 * @type {{ name: string, qos?: number, clean?: boolean }[]}
 */
const COMPANIES = [
  { name: 'alone' },
  { name: 'beside a frozen and a slow reader, QoS 0', qos: 0, clean: true },
  { name: 'the same, QoS 1', qos: 1, clean: true },
  { name: 'the same, QoS 1, kept sessions', qos: 1, clean: false },
];

/**
 * Each company in turn, round by round, on one server; figures are medians.
 * @param {import('./servers.mjs').Server} server
 * @param {{ rounds: number, seconds: number }} effort
 */
export async function measureSlowReaders({ port }, { rounds, seconds }) {
  /** @type {{ p50: number, p99: number, faults: number }[][]} */
  const rows = COMPANIES.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, company] of COMPANIES.entries()) {
      const readers = await seat(port, company, round);
      try {
        rows[i].push(await talk(port, seconds));
      } finally {
        for (const reader of readers) await reader.end();
      }
    }
  }
  return rows.map((runs, i) => ({
    name: COMPANIES[i].name,
    p50: median(runs.map(({ p50 }) => p50)),
    p99: median(runs.map(({ p99 }) => p99)),
    /** Of p99, against who is alone in the same round. */
    ratio: median(runs.map(({ p99 }, round) => p99 / rows[0][round].p99)),
    faults: runs.reduce((sum, { faults }) => sum + faults, 0),
  }));
}

/** The readers, subscribed to all that is said, with as much before them as they can hold. */
async function seat(port, /** @type {{ qos?: number, clean?: boolean }} */ { qos, clean }, round) {
  if (qos === undefined) return [];
  const open = async (name) => {
    const id = `${name}-${qos}-${clean}-${round}`;
    const { socket, hear } = await client(port, id, clean);
    await ask(socket, hear, subscribe('pairs/#', qos), 9);
    /** What is kept of it would go on taking in all that is said beside the others. */
    const end = async () => {
      socket.destroy();
      if (clean === false) (await client(port, id, true)).socket.destroy();
    };
    return { socket, hear, end };
  };
  const [frozen, slow] = [await open('frozen'), await open('slow')];
  frozen.socket.pause();
  throttle(slow.socket);
  slow.hear((first, bytes, from) => {
    const id = from + 2 + bytes.readUInt16BE(from);
    if (first >> 4 === 3 && (first & 6) === 2) slow.socket.write(acknowledgement(0x40, bytes, id));
  });
  const { socket, hear } = await client(port, 'filler', true);
  const fill = publish('pairs/fill', 0, FILL_PAYLOAD_BYTES).bytes;
  for (let said = 0; said < FILL_BYTES; said += fill.length) {
    if (!socket.write(fill)) await new Promise((resolve) => socket.once('drain', resolve));
  }
  await ask(socket, hear, Buffer.from([0xc0, 0]), 13);
  socket.destroy();
  return [frozen, slow];
}

/** Reads so much in a second, and not a byte more. */
function throttle(socket) {
  let taken = 0;
  const from = performance.now();
  socket.on('data', (chunk) => {
    taken += chunk.length;
    const ahead = (taken / SLOW_BYTES) * 1_000 - (performance.now() - from);
    if (ahead <= 0) return;
    socket.pause();
    setTimeout(() => socket.resume(), ahead);
  });
}

/** All clients say something to themselves, one after the other at a steady pace, and wait for it. */
async function talk(port, seconds) {
  const times = createHistogram();
  const tally = { said: 0, heard: 0 };
  const talkers = await Promise.all(
    Array.from({ length: CLIENTS }, (_, i) => talker(port, i, times, tally)),
  );
  const pace = async (duration) => {
    const from = performance.now();
    for (let said = 0; said < duration * PER_SECOND; ) {
      const due = ((performance.now() - from) / 1_000) * PER_SECOND;
      for (; said < due; said++) talkers[tally.said++ % CLIENTS].say();
      await new Promise((done) => setTimeout(done, TICK_MS));
    }
  };
  await pace(WARM_UP_S);
  times.clear();
  await pace(seconds);
  const missing = await late(tally);
  for (const { socket } of talkers) socket.destroy();
  return { p50: times.quantile(0.5), p99: times.quantile(0.99), faults: missing };
}

/** What has not come after a second more. */
async function late(tally) {
  const until = performance.now() + 1_000;
  while (tally.heard < tally.said && performance.now() < until)
    await new Promise((done) => setTimeout(done, TICK_MS));
  return tally.said - tally.heard;
}

async function talker(port, index, times, tally) {
  const topic = `pairs/${index}`;
  const { socket, hear } = await client(port, `talker-${index}`, true);
  await ask(socket, hear, subscribe(topic, 1), 9);
  const { bytes, idAt } = publish(topic, 1, PAYLOAD_BYTES);
  /** When what was said and not heard was said, oldest first. */
  const said = [];
  let id = 0;
  hear((first, packet, from) => {
    if (first >> 4 !== 3) return;
    socket.write(acknowledgement(0x40, packet, from + 2 + packet.readUInt16BE(from)));
    times.add(Math.round((performance.now() - said.shift()) * 1_000));
    tally.heard++;
  });
  const say = () => {
    id = (id % 0xffff) + 1;
    const packet = Buffer.from(bytes);
    packet.writeUInt16BE(id, idAt);
    said.push(performance.now());
    socket.write(packet);
  };
  return { socket, say };
}

/** A connection that is accepted; `hear` says who gets its packets from then on. */
async function client(port, id, clean) {
  const socket = createConnection({ port, noDelay: true });
  let take = (..._packet) => {};
  const cut = frames((...packet) => take(...packet));
  socket.on('data', cut);
  socket.on('error', () => {});
  const hear = (taker) => {
    take = taker;
  };
  await ask(socket, hear, connect(id, clean), 2);
  return { socket, hear };
}

/** Says something and waits for a packet of this type. */
function ask(socket, hear, said, type) {
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('the server closed the connection')));
    hear((first) => {
      if (first >> 4 === type) resolve(undefined);
    });
    socket.write(said);
  });
}
