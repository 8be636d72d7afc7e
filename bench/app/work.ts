/** A module that computes: it hashes as many blocks of 64 KiB as the message says. */
import { createHash } from 'node:crypto';
import { defineModule } from 'n2o';

const BLOCK = Buffer.alloc(65_536);

export default defineModule({
  event(message) {
    const hash = createHash('sha256');
    for (let left = Number.parseInt(String(message), 10); left > 0; left--) hash.update(BLOCK);
    hash.digest();
    return message;
  },
});
