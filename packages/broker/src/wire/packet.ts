/** The control packets of MQTT 3.1 and 3.1.1, as numbers and as data. */

/** Packet types: the upper half of the first byte [MQTT-2.2.1]. */
export const CONNECT = 1;
export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const PUBREC = 5;
export const PUBREL = 6;
export const PUBCOMP = 7;
export const SUBSCRIBE = 8;
export const SUBACK = 9;
export const UNSUBSCRIBE = 10;
export const UNSUBACK = 11;
export const PINGREQ = 12;
export const PINGRESP = 13;
export const DISCONNECT = 14;

/** Quality of service. */
export type QoS = 0 | 1 | 2;

/** The lower of two. */
export function lower(a: QoS, b: QoS): QoS {
  return a < b ? a : b;
}

/** CONNACK's return codes [MQTT-3.2.2.3]. */
export const ACCEPTED = 0;
export const BAD_VERSION = 1;
export const BAD_IDENTIFIER = 2;
export const UNAVAILABLE = 3;
export const BAD_CREDENTIALS = 4;
export const NOT_AUTHORIZED = 5;

/** SUBACK's code for a filter that was refused [MQTT-3.9.3]. */
export const REFUSED = 0x80;

/** What a client says when it connects. */
export interface ConnectPacket {
  /** 3 for MQTT 3.1, 4 for 3.1.1; anything else is not supported. */
  readonly version: number;
  readonly clean: boolean;
  /** Seconds; 0 for none. */
  readonly keepalive: number;
  readonly client: string;
  readonly will: Publication | undefined;
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
}

/** A message for anyone who subscribed to its topic. */
export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
}

/** One line of a SUBSCRIBE packet. */
export interface Subscription {
  readonly filter: string;
  readonly qos: QoS;
}
