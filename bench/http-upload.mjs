/** The plain HTTP server that uploads are compared with: writes a body to a file, and answers with its hash. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';

const server = createServer(async (asked, answer) => {
  const hash = createHash('sha256');
  const hashed = async function* (body) {
    for await (const part of body) {
      hash.update(part);
      yield part;
    }
  };
  await pipeline(asked, hashed, createWriteStream(process.argv[2], { flush: true }));
  answer.end(hash.digest('hex'));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(port);
});
