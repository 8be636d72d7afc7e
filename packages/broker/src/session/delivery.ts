/** A message on its way to a client. */
import type { QoS } from '../wire/packet.ts';
import type { Cause } from './cause.ts';

export interface Delivery {
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  /** What it answers, if anything. */
  readonly cause: Cause | undefined;
  /** QoS 2: the client has it (PUBREC), only the handshake is left. */
  received: boolean;
}

export function deliveryOf(
  topic: Uint8Array,
  payload: Uint8Array,
  qos: QoS,
  retain: boolean,
  cause: Cause | undefined,
): Delivery {
  return { topic, payload, qos, retain, cause, received: false };
}

/** The flags of its PUBLISH, but for DUP. */
export function flagsOf({ qos, retain }: Delivery): number {
  return (qos << 1) | (retain ? 1 : 0);
}

/** Bytes that are kept for it: its own, and those of what it answers. */
export function sizeOf({ payload, cause }: Delivery): number {
  return payload.length + (cause?.payload.length ?? 0);
}
