/** Files over a connection that breaks again and again, against a plain HTTP upload of the same bytes. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, download, fileChannel, upload } from '@n2o/client';
import { residentBytes } from './processes.mjs';
import { n2o } from './servers.mjs';

const BLOCK_BYTES = 1_048_576;
const SAMPLE_MS = 50;

/**
 * One file up, over HTTP; up and down over MQTT, whole and with as many disconnects.
 * @param {{ bytes: number, disconnects: number }} effort
 */
export async function measureFiles({ bytes, disconnects }) {
  const folder = mkdtempSync(join(tmpdir(), 'n2o-bench-files-'));
  const command = `${process.execPath} packages/n2o/dist/bin.js start bench/files-app --mqtt-port 0 --http-port 0 --store memory --files ${folder}`;
  const source = await createSource(join(folder, 'source'), bytes);
  const [http, server] = [await startHttp(folder), await n2o(command).start()];
  try {
    const relay = await openLine(http.port, bytes, 0);
    const plain = await timed(http, () => post(relay.port, source));
    relay.close();
    const rows = [{ name: 'HTTP upload to node:http', ...plain, ratio: 1, cuts: 0 }];
    for (const cuts of [0, disconnects]) {
      for (const [name, move] of Object.entries({ upload: up, download: down })) {
        const line = await openLine(server.port, bytes, cuts);
        const client = await connect(`mqtt://127.0.0.1:${line.port}`, {
          id: 'bench-files',
          backoff: { min: 10, max: 50 },
        });
        const channel = fileChannel(client, 'store', { timeout: 5_000 });
        const found = await timed(server, () => move(channel, `file-${cuts}`, source, line));
        rows.push({ name: `N2O ${name}`, ...found, ratio: plain.ms / found.ms, cuts: line.cut });
        channel.close();
        await client.close();
        line.close();
      }
    }
    return rows;
  } finally {
    await server.stop();
    http.stop();
    await source.close();
    rmSync(folder, { recursive: true });
  }
}

/** A file of bytes that nothing can shorten, its hash, and any part of it. */
async function createSource(path, size) {
  const file = await open(path, 'w+');
  const hash = createHash('sha256');
  for (let at = 0, seed = 1; at < size; at += BLOCK_BYTES) {
    const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, size - at));
    for (let i = 0; i + 4 <= block.length; i += 4) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
      block.writeInt32LE(seed, i);
    }
    hash.update(block);
    await file.write(block, 0, block.length, at);
  }
  return {
    size,
    path,
    sha256: hash.digest('hex'),
    async read(offset, count) {
      const bytes = Buffer.allocUnsafe(count);
      await file.read(bytes, 0, count, offset);
      return bytes;
    },
    close: () => file.close(),
  };
}

async function up(channel, name, source, line) {
  const { sha256 } = await upload(channel, source, { name, onProgress: line.progress });
  return sha256 === source.sha256;
}

async function down(channel, name, source, line) {
  const hash = createHash('sha256');
  const blocks = download(channel, { name, onProgress: line.progress, verify: false });
  for await (const block of blocks) hash.update(block);
  return hash.digest('hex') === source.sha256;
}

/** How long it takes, whether all was right, and how the memory of the server grew meanwhile. */
async function timed(server, work) {
  const before = residentBytes(server.pid) ?? Number.NaN;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(server.pid) ?? 0);
  }, SAMPLE_MS);
  const from = performance.now();
  try {
    const isRight = await work();
    return { ms: performance.now() - from, isRight, before, most };
  } finally {
    clearInterval(timer);
  }
}

/** A line that breaks so many times on the way of a file. */
async function openLine(target, bytes, cuts) {
  const sockets = new Set();
  const proxy = createServer((near) => {
    const far = dial(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket.setNoDelay());
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)));
  const line = {
    port: /** @type {import('node:net').AddressInfo} */ (proxy.address()).port,
    cut: 0,
    progress: (done) => {
      if (line.cut >= cuts || done < ((line.cut + 0.5) * bytes) / cuts) return;
      line.cut++;
      for (const socket of sockets) socket.destroy();
    },
    close: () => proxy.close(),
  };
  return line;
}

/** A file as the body of a POST, as Node sends files. */
function post(port, { path, size, sha256 }) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': size };
    const asked = request({ port, host: '127.0.0.1', method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve(text === sha256));
    });
    asked.on('error', reject);
    open(path).then(
      (file) => file.createReadStream({ highWaterMark: 262_144 }).pipe(asked),
      reject,
    );
  });
}

/** A server of Node's own that writes what is posted to a file, and answers with its hash. */
function startHttp(folder) {
  const script = join(import.meta.dirname, 'http-upload.mjs');
  const child = spawn(process.execPath, [script, join(folder, 'posted')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (text) => {
      resolve({ port: Number(text), pid: child.pid, stop: () => child.kill() });
    });
  });
}
