/** A control packet as one line of text, so that a conversation reads as it went. */
import type { Packet } from 'mqtt-packet';

/**
 * `CONNACK 0`, `CONNACK 0 present`, `SUBACK 1 [0,128]`, `PUBACK 7`, and
 * `PUBLISH a/b hello q1 #7 dup retained`, where QoS 0 and what is not so are left out.
 */
export function lineOf(packet: Packet): string {
  switch (packet.cmd) {
    case 'connack':
      return `CONNACK ${packet.returnCode}${packet.sessionPresent ? ' present' : ''}`;
    case 'publish':
      return [
        'PUBLISH',
        packet.topic,
        shown(packet.payload),
        ...(packet.qos > 0 ? [`q${packet.qos}`, `#${packet.messageId}`] : []),
        ...(packet.dup ? ['dup'] : []),
        ...(packet.retain ? ['retained'] : []),
      ].join(' ');
    case 'suback':
      return `SUBACK ${packet.messageId} ${JSON.stringify(packet.granted)}`;
    default:
      return [packet.cmd.toUpperCase(), packet.messageId].filter(Boolean).join(' ');
  }
}

function shown(payload: string | Buffer): string {
  return payload.length > 200 ? `<${payload.length} bytes>` : payload.toString();
}
