/** What a second vnode host brings: throughput of a handler that computes, with one host process and with two. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createConnection } from 'node:net';
import { availableParallelism } from 'node:os';
import { vnodeOf } from '@n2o/shared';
import { acknowledgement, connect, frames, publish, subscribe } from './packets.mjs';
import { mosquitto, n2o } from './servers.mjs';
import { figure, median, table } from './tables.mjs';

const COMMAND = `${process.execPath} packages/n2o/dist/bin.js`;
/** By rendezvous each of the two has half of the vnodes. */
const HOSTS = ['host-1', 'host-2'];
const VNODES = 16;
const CLIENTS_PER_VNODE = 2;
/** Requests in flight of each client. */
const WINDOW = 4;
const WARM_UP_S = 0.5;
const HANDLER_MS = 2;
/** One for the broker, one for the load, and one for each host. */
const CORES_TO_PIN = 4;

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/**
 * A table: each broker with one host and with two, round by round.
 * @param {{ rounds: number, seconds: number }} effort
 */
export async function measureScale({ rounds, seconds }) {
  const blocks = calibrate();
  const broker = `${COMMAND} broker --mqtt-port 0 --http-port off --store memory`;
  const contenders = [n2o(onCore(0, broker)), mosquitto()].filter((one) => one !== undefined);
  const rows = [];
  for (const { name, start } of contenders) {
    const server = await start();
    try {
      const runs = await takeTurns(server, blocks, { rounds, seconds });
      rows.push([
        name,
        figure(median(runs.map(([one]) => one))),
        figure(median(runs.map(([, two]) => two))),
        `**${figure(median(runs.map(([one, two]) => two / one)), 2)}**`,
      ]);
    } finally {
      await server.stop();
    }
  }
  return table(['handler of 2 ms CPU', 'one host, RPC/s', 'two hosts', 'ratio'], rows);
}

/** How the processes are spread over the cores, in words. */
export function placement() {
  const cores = availableParallelism();
  return canPin()
    ? `${cores} cores: the broker on one, each host on one of its own`
    : `${cores} cores for broker, hosts and load together`;
}

/** @returns {Promise<[one: number, two: number][]>} requests per second of each round */
async function takeTurns({ port }, blocks, { rounds, seconds }) {
  const [first, second] = HOSTS.map((name, i) => hostOn(port, name, 2 + i));
  const stays = await first.start();
  /** @type {[number, number][]} */
  const runs = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const one = await run(port, blocks, seconds);
      const guest = await second.start();
      try {
        runs.push([one, await run(port, blocks, seconds)]);
      } finally {
        await guest.stop();
      }
    }
  } finally {
    await stays.stop();
  }
  return runs;
}

function hostOn(port, name, core) {
  const address = `--broker mqtt://127.0.0.1:${port} --name ${name} --vnodes ${VNODES}`;
  return n2o(onCore(core, `${COMMAND} vnode bench/app ${address} --workers 1 --store memory`));
}

function onCore(core, command) {
  return canPin() ? `taskset -c ${core} ${command}` : command;
}

function canPin() {
  return availableParallelism() >= CORES_TO_PIN && !spawnSync('taskset', ['--version']).error;
}

/** How many blocks a handler hashes within its time. */
function calibrate() {
  const block = Buffer.alloc(65_536);
  const hash = createHash('sha256');
  const timed = () => {
    const from = performance.now();
    for (let i = 0; i < 100; i++) hash.update(block);
    return (performance.now() - from) / 100;
  };
  // The quickest time is the one that nobody else took a share of.
  return Math.max(1, Math.round(HANDLER_MS / Math.min(...Array.from({ length: 10 }, timed))));
}

/** Requests per second of clients that always have some in flight, the same number on each vnode. */
async function run(port, blocks, seconds) {
  const tally = { answers: 0 };
  const clients = clientIds().map((id) => talk(port, id, String(blocks), tally));
  await Promise.all(clients.map(({ ready }) => ready));
  for (const { start } of clients) start();
  await pause(WARM_UP_S);
  const before = tally.answers;
  const from = performance.now();
  await pause(seconds);
  const rate = ((tally.answers - before) / (performance.now() - from)) * 1000;
  for (const { end } of clients) end();
  return rate;
}

function clientIds() {
  const left = new Map(Array.from({ length: VNODES }, (_, i) => [i + 1, CLIENTS_PER_VNODE]));
  const ids = [];
  for (let i = 0; ids.length < VNODES * CLIENTS_PER_VNODE; i++) {
    const id = `scale-${i}`;
    const vnode = vnodeOf(id, VNODES);
    const more = left.get(vnode) ?? 0;
    if (more > 0) ids.push(id);
    left.set(vnode, more - 1);
  }
  return ids;
}

/** A client that subscribes and addresses its vnode by itself, as any broker wants it. */
function talk(port, id, payload, tally) {
  const topic = `events/1/${vnodeOf(id, VNODES)}/work/${id}`;
  const template = publish(topic, 1, payload.length);
  template.bytes.write(payload, template.payloadAt);
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
  let packetId = 1;
  const request = () => {
    const bytes = Buffer.from(template.bytes);
    packetId = packetId === 65_535 ? 2 : packetId + 1;
    bytes.writeUInt16BE(packetId, template.idAt);
    socket.write(bytes);
  };
  /** @type {Promise<void>} */
  const ready = new Promise((resolve, reject) => {
    const cut = frames((first, bytes, from) => {
      const type = first >> 4;
      if (type === 2) socket.write(subscribe(`actions/1/work/${id}`, 0));
      else if (type === 9) resolve();
      else if (type === 3) {
        if ((first >> 1) & 3) {
          socket.write(acknowledgement(0x40, bytes, from + 2 + bytes.readUInt16BE(from)));
        }
        tally.answers++;
        request();
      }
    });
    socket.on('connect', () => socket.write(connect(id, true)));
    socket.on('data', cut);
    socket.on('error', reject);
  });
  return {
    ready,
    start: () => {
      for (let i = 0; i < WINDOW; i++) request();
    },
    end: () => socket.destroy(),
  };
}
