/** A message on its way to a client. */
import type { Pledge } from '../keeping/pledge.ts';
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
  /** Its place in what is kept for the client, from 1 on; 0 when it is not numbered. */
  number: number;
  /** The store has it, or is about to. */
  stored: boolean;
  /** It was, or may have been, sent before. */
  again: boolean;
  /** It may be sent: QoS 2 is stored first, where the session outlives us. */
  secured: boolean;
  /** It is over: acknowledged, or dropped. */
  over: boolean;
  /** What waits until the client or the store has it. */
  pledge: Pledge | undefined;
}

export function deliveryOf(
  topic: Uint8Array,
  payload: Uint8Array,
  qos: QoS,
  retain: boolean,
  cause: Cause | undefined,
): Delivery {
  return {
    topic,
    payload,
    qos,
    retain,
    cause,
    received: false,
    number: 0,
    stored: false,
    again: false,
    secured: true,
    over: false,
    pledge: undefined,
  };
}

const DUP = 8;

/** The flags of its PUBLISH [MQTT-3.3.1-1]. */
export function flagsOf({ qos, retain, again }: Delivery): number {
  return (qos << 1) | (retain ? 1 : 0) | (again && qos > 0 ? DUP : 0);
}

/** Bytes that are kept for it: its own, and those of what it answers. */
export function sizeOf({ payload, cause }: Delivery): number {
  return payload.length + (cause?.payload.length ?? 0);
}

/** Somebody waits for the delivery. */
export function holdFor(delivery: Delivery, pledge: Pledge | undefined): void {
  pledge?.hold();
  delivery.pledge = pledge;
}

/** Lets what waits for it go on, once. */
export function redeem(delivery: Delivery): void {
  const { pledge } = delivery;
  delivery.pledge = undefined;
  pledge?.release();
}
