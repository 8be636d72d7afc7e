/** What an action answers: enough of the event to know it again when it is repeated. */
import { createHash } from 'node:crypto';

/** An event that was answered. */
export interface Cause {
  /** Its packet identifier; 0 with QoS 0, where there are no repetitions. */
  readonly id: number;
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array();

/** The cause of answers to events of QoS 0. */
export const UNREPEATABLE: Cause = { id: 0, topic: NOTHING, payload: NOTHING };

/** Payloads up to this size are their own fingerprint. */
const SHORT = 64;

/** Tells a repetition from another message under the same packet identifier. */
export function fingerprint(topic: Uint8Array, payload: Uint8Array): string {
  const short = payload.length <= SHORT;
  const rest = short ? latin1(payload) : createHash('sha1').update(payload).digest('base64');
  return `${latin1(topic)}\0${short ? 0 : payload.length}\0${rest}`;
}

/** The bytes for keeping: on their own when they are a small part of something large. */
export function kept(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > 4 * bytes.length + 4_096 ? new Uint8Array(bytes) : bytes;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
