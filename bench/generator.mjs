/** A load generator in Node, for machines without a C compiler: the options of mqttload that the benchmark uses, and its last line. */
import { createConnection } from 'node:net';
import { parseArgs } from 'node:util';
import { createHistogram } from './histogram.mjs';
import { acknowledgement, connect, frames, publish, subscribe } from './packets.mjs';

const OPENING = 64;
const OPEN_WITHIN_MS = 120_000;
const STALLED_MS = 2000;
const DIGITS = 16;

/** @returns {{ type: 'string', short: string, default: string }} */
const option = (short, fallback) => ({ type: 'string', short, default: fallback });
/** @returns {{ type: 'boolean', short: string, default: boolean }} */
const flag = (short) => ({ type: 'boolean', short, default: false });
const { values } = parseArgs({
  options: {
    host: option('H', '127.0.0.1'),
    port: option('p', '1883'),
    connections: option('c', '100'),
    window: option('w', '1'),
    qos: option('q', '0'),
    size: option('s', '64'),
    seconds: option('t', '5'),
    warmup: option('W', '1'),
    publish: option('P', 'events/1//index/%c'),
    subscribe: option('S', 'actions/1/index/%c'),
    prefix: option('i', 'load'),
    hold: option('d', '0'),
    verify: flag('v'),
    keep: flag('k'),
  },
});
const COUNT = Number(values.connections);
const WINDOW = Number(values.window);
const QOS = Number(values.qos);
const SIZE = Math.max(DIGITS, Number(values.size));
const times = createHistogram();
const tally = { ready: 0, dead: 0, errors: 0, replies: 0, sequence: 0 };

/** One connection: opens, subscribes, and then keeps WINDOW requests in flight. */
function createDevice(index, opened) {
  const id = `${values.prefix}${index}`;
  const filter = values.subscribe.replaceAll('%c', id);
  const template = publish(values.publish.replaceAll('%c', id), QOS, SIZE);
  /** What is asked and not answered, oldest first. */
  const asked = [];
  let packetId = 1;
  let running = false;
  let dead = false;
  const socket = createConnection({
    port: Number(values.port),
    host: values.host,
    noDelay: true,
  });

  const ready = () => {
    running = true;
    tally.ready++;
    opened();
  };
  const end = () => {
    if (dead) return;
    dead = true;
    tally.dead++;
    if (running) tally.ready--;
    else opened();
    socket.destroy();
  };
  const refused = () => {
    tally.errors++;
    end();
  };
  const request = () => {
    const bytes = Buffer.from(template.bytes);
    const digits = (++tally.sequence).toString(16).padStart(DIGITS, '0');
    bytes.write(digits, template.payloadAt, 'latin1');
    if (QOS > 0) {
      packetId = packetId === 65535 ? 2 : packetId + 1;
      bytes.writeUInt16BE(packetId, template.idAt);
    }
    asked.push({ digits, at: performance.now() });
    socket.write(bytes);
  };
  const reply = (bytes, from, to) => {
    const oldest = asked.shift();
    if (!oldest) return void tally.errors++;
    if (values.verify && !bytes.subarray(from, to).includes(oldest.digits)) tally.errors++;
    times.add(Math.round((performance.now() - oldest.at) * 1000));
    tally.replies++;
    request();
  };
  const take = (first, bytes, from, to) => {
    switch (first >> 4) {
      case 2:
        if (bytes[from + 1] !== 0) return refused();
        return filter ? socket.write(subscribe(filter, QOS)) : ready();
      case 9:
        return bytes[from + 2] === 128 ? refused() : ready();
      case 3: {
        const qos = (first >> 1) & 3;
        let payload = from + 2 + bytes.readUInt16BE(from);
        if (qos > 0) {
          socket.write(acknowledgement(qos === 1 ? 0x40 : 0x50, bytes, payload));
          payload += 2;
        }
        return reply(bytes, payload, to);
      }
      case 5:
        return socket.write(acknowledgement(0x62, bytes, from));
      case 6:
        return socket.write(acknowledgement(0x70, bytes, from));
    }
  };
  const cut = frames(take);
  socket.on('connect', () => socket.write(connect(id, !values.keep)));
  socket.on('data', (chunk) => {
    socket.cork();
    cut(chunk);
    socket.uncork();
  });
  socket.on('error', end).on('close', end);
  return {
    start() {
      if (!running || dead) return;
      socket.cork();
      for (let i = 0; i < WINDOW; i++) request();
      socket.uncork();
    },
    isStalled: (now) => !dead && asked.length > 0 && now - asked[0].at > STALLED_MS,
  };
}

/** Opens all devices, OPENING at a time. */
function openAll() {
  return new Promise((resolve) => {
    const devices = [];
    const more = () => {
      if (tally.ready + tally.dead >= COUNT) resolve(devices);
      while (devices.length < COUNT && devices.length - (tally.ready + tally.dead) < OPENING) {
        devices.push(createDevice(devices.length, more));
      }
    };
    setTimeout(() => resolve(devices), OPEN_WITHIN_MS).unref();
    more();
  });
}

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

const began = performance.now();
const devices = await openAll();
const openSeconds = (performance.now() - began) / 1000;
const connected = tally.ready;
const opening = { conns: COUNT, connected, conn_per_s: Math.round(connected / openSeconds) };

if (Number(values.hold) > 0) {
  await pause(Number(values.hold));
  console.log(JSON.stringify({ mode: 'hold', ...opening, alive: tally.ready }));
  process.exit(0);
}

for (const device of devices) device.start();
await pause(Number(values.warmup));
times.clear();
const before = tally.replies;
const from = performance.now();
await pause(Number(values.seconds));
const now = performance.now();
const replies = tally.replies - before;
const { user, system } = process.cpuUsage();
const result = {
  mode: 'rpc',
  ...opening,
  lost_conns: tally.dead,
  window: WINDOW,
  qos: QOS,
  payload: SIZE,
  seconds: Number(((now - from) / 1000).toFixed(2)),
  replies,
  rps: Math.round((replies / (now - from)) * 1000),
  p50_us: times.quantile(0.5),
  p99_us: times.quantile(0.99),
  p999_us: times.quantile(0.999),
  max_us: times.max,
  errors: tally.errors,
  stalled: devices.filter((device) => device.isStalled(now)).length,
  own_cpu_s: Number(((user + system) / 1e6).toFixed(2)),
};
console.log(JSON.stringify(result));
process.exit(tally.errors > 0 || tally.dead > 0 ? 1 : 0);
