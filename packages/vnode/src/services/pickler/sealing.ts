/** Seals bytes so that who carries them can neither read nor change them: AES-256-GCM under keys made of secrets. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { N2OError } from '@n2o/shared';

/** The text: version (1), id of the key (4), salt (12), IV (12), cipher, tag (16), in base64url. */
const VERSION = 1;
const ID = 4;
const SALT = 12;
const IV = 12;
const TAG = 16;
const HEAD = 1 + ID;
const BODY = HEAD + SALT + IV;

const CIPHER = 'aes-256-gcm';

/** So many random bytes; `randomBytes` of Node.js is one. */
export type Random = (size: number) => Uint8Array;

export interface Sealing {
  seal(bytes: Uint8Array): string;
  /** What was sealed under any of the keys; `undefined` for all else, in a time that tells nothing of why. */
  open(text: string): Uint8Array | undefined;
}

/** A key, and how texts say that they were sealed under it. */
interface Key {
  /** Version and id of the key, which the tag of a text covers. */
  readonly head: Uint8Array;
  readonly root: Uint8Array;
}

/**
 * @param secrets the first seals, each of them opens
 * @throws N2O_CONFIG_OPTION when there is none
 */
export function createSealing(secrets: readonly string[], random: Random = randomBytes): Sealing {
  const keys = secrets.map(keyOf);
  const [current] = keys;
  if (current === undefined) throw new N2OError('N2O_CONFIG_OPTION', 'secret: at least one');

  function seal(bytes: Uint8Array): string {
    const nonce = random(SALT + IV);
    const cipher = createCipheriv(CIPHER, sealKey(current as Key, nonce), nonce.subarray(SALT));
    cipher.setAAD((current as Key).head);
    const sealed = [cipher.update(bytes), cipher.final()];
    const parts = [(current as Key).head, nonce, ...sealed, cipher.getAuthTag()];
    return Buffer.concat(parts).toString('base64url');
  }

  function open(text: string): Uint8Array | undefined {
    const bytes = Buffer.from(text, 'base64url');
    // What has another spelling too was not written here.
    if (bytes.length < BODY + TAG || bytes.toString('base64url') !== text) return undefined;
    const key = keys.find(({ head }) => bytes.subarray(0, HEAD).equals(head));
    if (key === undefined) return undefined;
    const nonce = bytes.subarray(HEAD, BODY);
    const cipher = createDecipheriv(CIPHER, sealKey(key, nonce), nonce.subarray(SALT), {
      authTagLength: TAG,
    });
    cipher.setAAD(key.head).setAuthTag(bytes.subarray(-TAG));
    const opened = cipher.update(bytes.subarray(BODY, -TAG));
    try {
      cipher.final();
    } catch {
      return undefined;
    }
    return opened;
  }

  return { seal, open };
}

function keyOf(secret: string): Key {
  const made = new Uint8Array(hkdfSync('sha256', secret, '', 'n2o pickle', 32 + ID));
  return { root: made.subarray(0, 32), head: Uint8Array.of(VERSION, ...made.subarray(32)) };
}

/** Each text has a key of its own: random IVs under one key are safe for 2^32 texts only. */
function sealKey({ root }: Key, nonce: Uint8Array): Uint8Array {
  return createHmac('sha256', root).update(nonce.subarray(0, SALT)).digest();
}
