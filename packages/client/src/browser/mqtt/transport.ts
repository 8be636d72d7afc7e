/** One connection to a broker over WebSocket, from CONNECT to its end, as a browser makes it. */
import { N2OError } from '@n2o/shared';
import type { Settings, Will } from '../../settings.ts';
import type { Open } from '../../transport.ts';
import { openWire } from '../wire.ts';
import { type Packet, PacketReader } from './read.ts';
import { acknowledge, bare, connect, publish, subscribe, unsubscribe } from './write.ts';

/** What CONNACK says of a refusal [MQTT-3.2.2-4]. */
const REFUSALS = [
  'accepted',
  'the broker does not speak MQTT 3.1.1',
  'the broker refuses the client id',
  'the broker is unavailable',
  'the broker refuses the user name or password',
  'the client is not authorised',
];

interface Asked {
  resolve(granted: readonly number[]): void;
  reject(error: N2OError): void;
}

/**
 * Connections to the broker at this URL.
 *
 * @param goodbye published before DISCONNECT, and by the broker where that does not come; the settings' own will comes first
 */
export function mqttOverWebSocket(settings: Settings, url: string, goodbye: Will): Open {
  const will = settings.will ?? goodbye;
  return (listener, unreleased) => {
    /** SUBSCRIBE and UNSUBSCRIBE by their packet identifiers. */
    const asked = new Map<number, Asked>();
    const reader = new PacketReader();
    const wire = openWire(
      url,
      { ...settings, protocols: ['mqtt'] },
      {
        opened: () => wire.send(connect({ ...settings, will })),
        ping: () => wire.send(bare('pingreq')),
        received(data) {
          try {
            if (typeof data === 'string') throw new N2OError('N2O_LINK_PACKET');
            for (const packet of reader.push(data)) take(packet);
          } catch (error) {
            if (!(error instanceof N2OError)) throw error;
            wire.close(error);
          }
        },
        closed(reason) {
          const gone = reason ?? new N2OError('N2O_CLIENT_CONNECT', 'the connection was closed');
          for (const { reject } of asked.values()) reject(gone);
          listener.closed(reason);
        },
      },
    );

    function take(packet: Packet): void {
      switch (packet.kind) {
        case 'connack':
          accepted(packet.code, packet.isResumed);
          break;
        case 'publish': {
          const { qos, id } = packet.arrival;
          listener.arrived(packet.arrival);
          if (qos > 0) wire.send(acknowledge(qos === 1 ? 'puback' : 'pubrec', id));
          break;
        }
        case 'pubrel':
          listener.released(packet.id);
          wire.send(acknowledge('pubcomp', packet.id));
          break;
        case 'pubrec':
          listener.received(packet.id);
          wire.send(acknowledge('pubrel', packet.id));
          break;
        case 'puback':
        case 'pubcomp':
          listener.acknowledged(packet.id);
          break;
        case 'suback':
        case 'unsuback':
          asked.get(packet.id)?.resolve(packet.kind === 'suback' ? packet.granted : []);
          asked.delete(packet.id);
      }
    }

    function accepted(code: number, isResumed: boolean): void {
      if (code !== 0) {
        const text = REFUSALS[code] ?? `the broker refuses with ${code}`;
        wire.close(new N2OError('N2O_CLIENT_CONNECT', text));
        return;
      }
      listener.accepted(isResumed);
      // Handshakes go on where they were, before anything new is said [MQTT-4.4.0-1].
      for (const { id } of unreleased) wire.send(acknowledge('pubrel', id));
      listener.connected();
    }

    function ask(bytes: Uint8Array, id: number): Promise<readonly number[]> {
      return new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject });
        wire.send(bytes);
      });
    }

    return {
      publish: (publication, id, dup) => wire.send(publish(publication, id, dup)),
      subscribe: (filters, id) => ask(subscribe(filters, id), id),
      unsubscribe: async (filters, id) => {
        await ask(unsubscribe(filters, id), id);
      },
      close() {
        wire.send(publish(goodbye, 0, false));
        wire.send(bare('disconnect'));
        wire.close();
      },
    };
  };
}
