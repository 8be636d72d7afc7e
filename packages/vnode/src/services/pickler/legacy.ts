/** N2O's own forms of pickles, so that both can serve the same pages: BERT in AES-128 under the secret itself. */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { createBert, Tuple } from '@n2o/shared';

/** `hex`: N2O 6 and later; `base64`: N2O 4, with the time of writing; `gcm-hex`: N2O's AES.GCM. */
export type LegacyForm = 'hex' | 'base64' | 'gcm-hex';

const IV = 16;
const MAC = 32;
const TAG = 16;
const BLOCK = 16;

/** What N2O's AES.GCM binds to its texts. */
const GCM_DATA = Buffer.from('AES256GCM');

/** What is none of N2O's pickles; not `undefined`, which one can hold. */
export const notLegacy: unique symbol = Symbol('not of N2O');

/**
 * Reads all forms under each of the secrets that N2O can have: those of 16 bytes, a key of AES-128.
 * The function returns `notLegacy` for any other text, and never throws.
 */
export function createLegacyReader(secrets: readonly string[]): (text: string) => unknown {
  const keys = secrets.map((secret) => Buffer.from(secret)).filter(isKey);
  const bert = createBert({ trailing: 'zeros' });

  function decoded(bytes: Uint8Array | undefined): unknown {
    if (bytes === undefined) return notLegacy;
    try {
      return bert.decode(bytes);
    } catch {
      return notLegacy;
    }
  }

  return (text) => {
    const hex = bytesOf(text, 'hex');
    const base64 = bytesOf(text, 'base64');
    for (const key of keys) {
      const value = decoded(hex && (openCbc(key, hex) ?? openGcm(key, hex)));
      if (value !== notLegacy) return value;
      const dated = decoded(base64 && openCbc(key, base64));
      if (isDated(dated)) return dated.items[0];
    }
    return notLegacy;
  };
}

/**
 * Writes BERT in one of the forms; in `base64` it is the BERT of a value and its time.
 * @param key 16 bytes
 * @param iv  16 bytes, never the same twice
 */
export function writeLegacy(
  form: LegacyForm,
  key: Uint8Array,
  iv: Uint8Array,
  bert: Uint8Array,
): string {
  if (form === 'gcm-hex') {
    const cipher = createCipheriv('aes-128-gcm', key, iv).setAAD(GCM_DATA);
    const sealed = Buffer.concat([cipher.update(bert), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('hex');
  }
  const zeros = Buffer.alloc(BLOCK - (bert.length % BLOCK));
  const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  const sealed = Buffer.concat([cipher.update(bert), cipher.update(zeros), cipher.final()]);
  return Buffer.concat([iv, macOf(key, sealed, iv), sealed]).toString(form);
}

/** IV, HMAC-SHA256 of cipher and IV, cipher. */
function openCbc(key: Uint8Array, bytes: Buffer): Uint8Array | undefined {
  const cipher = bytes.subarray(IV + MAC);
  if (cipher.length === 0 || cipher.length % BLOCK !== 0) return undefined;
  const iv = bytes.subarray(0, IV);
  if (!timingSafeEqual(macOf(key, cipher, iv), bytes.subarray(IV, IV + MAC))) return undefined;
  const decipher = createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(cipher), decipher.final()]);
}

/** IV, tag, cipher. */
function openGcm(key: Uint8Array, bytes: Buffer): Uint8Array | undefined {
  if (bytes.length <= IV + TAG) return undefined;
  const decipher = createDecipheriv('aes-128-gcm', key, bytes.subarray(0, IV), {
    authTagLength: TAG,
  });
  decipher.setAAD(GCM_DATA).setAuthTag(bytes.subarray(IV, IV + TAG));
  const opened = decipher.update(bytes.subarray(IV + TAG));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return opened;
}

function macOf(key: Uint8Array, cipher: Uint8Array, iv: Uint8Array): Buffer {
  return createHmac('sha256', key).update(cipher).update(iv).digest();
}

function isKey(secret: Uint8Array): boolean {
  return secret.length === 16;
}

/** The bytes of a text that is wholly in this form, hex in either case. */
function bytesOf(text: string, form: 'hex' | 'base64'): Buffer | undefined {
  const bytes = Buffer.from(text, form);
  return bytes.toString(form) === (form === 'hex' ? text.toLowerCase() : text) ? bytes : undefined;
}

/** `{Value,{MegaSeconds,Seconds,MicroSeconds}}`, as N2O 4 dates its pickles. */
export function isDated(value: unknown): value is Tuple<readonly [unknown, Tuple]> {
  if (!(value instanceof Tuple) || value.length !== 2) return false;
  const time: unknown = value.items[1];
  return time instanceof Tuple && time.length === 3 && time.items.every(Number.isSafeInteger);
}
