/** One connection to a broker, from CONNECT to its end; the only file that knows MQTT.js. */
import mqtt, { type IPublishPacket } from 'mqtt';
import type { Arrival } from './arrivals.ts';
import type { Parcel, Publication } from './outbox.ts';
import type { Settings } from './settings.ts';

/** What a connection tells. */
export interface Listener {
  /**
   * CONNACK: what was kept for the session may arrive from now on.
   *
   * @param isResumed the broker had kept the session
   */
  accepted(isResumed: boolean): void;
  /** From now on messages can be sent. */
  connected(): void;
  arrived(arrival: Arrival): void;
  /** PUBREL: the identifier of a delivery of QoS 2 is free again. */
  released(id: number): void;
  /** PUBREC */
  received(id: number): void;
  /** PUBACK or PUBCOMP */
  acknowledged(id: number): void;
  /** Once, at the end, also of a connection that never came about. */
  closed(reason: Error | undefined): void;
}

export interface Transport {
  /** @param id packet identifier; 0 with QoS 0 */
  publish(publication: Publication, id: number, dup: boolean): void;
  /** Resolves with what was granted, filter by filter: a QoS, or 128 for a refusal. */
  subscribe(filters: ReadonlyMap<string, 0 | 1 | 2>, id: number): Promise<readonly number[]>;
  unsubscribe(filters: readonly string[], id: number): Promise<void>;
  /** Says DISCONNECT and ends the connection. Idempotent. */
  close(): void;
}

/** Opens connections of one session. */
export type Open = (listener: Listener, unreleased: readonly Parcel[]) => Transport;

/** Milliseconds that a broker has to close its side after DISCONNECT. */
const GRACE = 1_000;

/**
 * Connections over MQTT.js, one object of it for each: its own reconnection resends one message at
 * a time and without DUP, and would have to be worked around. What outlives a connection is ours.
 */
export function mqttTransport(settings: Settings): Open {
  return (listener, unreleased) => {
    let id = 0;
    // What the broker said PUBREC to: MQTT.js sends PUBREL before it tells of the connection [MQTT-4.4.0-1].
    const outgoingStore = new mqtt.Store();
    for (const parcel of unreleased) {
      outgoingStore.put({ cmd: 'pubrel', messageId: parcel.id }, () => {});
    }
    const client = mqtt.connect({
      ...settings.address,
      ...settings.tls,
      ...(settings.username !== undefined && { username: settings.username }),
      ...(settings.password !== undefined && { password: settings.password }),
      ...(settings.will && { will: { ...settings.will, payload: buffer(settings.will.payload) } }),
      clientId: settings.id,
      clean: settings.clean,
      keepalive: settings.keepalive,
      connectTimeout: settings.connectTimeout,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      outgoingStore,
      // Identifiers are given out by us, since they outlive the connection.
      messageIdProvider: {
        allocate: () => id,
        getLastAllocated: () => id,
        register: () => true,
        deallocate: () => {},
        clear: () => {},
      },
    });
    // Else each small packet waits for the acknowledgement of the one before it: 40 ms.
    const socket = client.stream as { setNoDelay?(on: boolean): unknown };
    socket.setNoDelay?.(true);

    let reason: Error | undefined;
    const fail = (error: Error) => {
      reason ??= error;
    };
    let closing: ReturnType<typeof setTimeout> | undefined;
    let closed = false;
    client.stream.on('error', fail);
    client.on('error', fail);
    client.on('connect', () => listener.connected());
    client.on('packetreceive', (packet) => {
      const { messageId: packetId = 0 } = packet;
      switch (packet.cmd) {
        case 'connack':
          if (packet.returnCode === 0) listener.accepted(packet.sessionPresent);
          break;
        case 'publish':
          // Taken as soon as it is here, QoS 2 too: MQTT.js would keep that until PUBREL, and lose
          // it with the connection though the broker was told that it arrived.
          listener.arrived(arrivalOf(packet));
          break;
        case 'pubrel':
          listener.released(packetId);
          break;
        case 'pubrec':
          listener.received(packetId);
          break;
        case 'puback':
        case 'pubcomp':
          listener.acknowledged(packetId);
      }
    });
    client.on('close', () => {
      if (closed) return;
      closed = true;
      clearTimeout(closing);
      listener.closed(reason);
    });

    return {
      publish({ topic, payload, qos, retain }, packetId, dup) {
        id = packetId;
        client.publish(topic, buffer(payload), { qos, retain, dup });
      },
      subscribe(filters, packetId) {
        id = packetId;
        const map = Object.fromEntries([...filters].map(([filter, qos]) => [filter, { qos }]));
        return new Promise((resolve, reject) => {
          client.subscribe(map, (error, _, packet) => {
            if (packet) resolve(packet.granted.map(Number));
            else reject(error);
          });
        });
      },
      unsubscribe(filters, packetId) {
        id = packetId;
        return new Promise((resolve, reject) => {
          client.unsubscribe([...filters], (error) => (error ? reject(error) : resolve()));
        });
      },
      close() {
        if (closed || closing) return;
        // A broker that does not close its side must not hold us.
        closing = setTimeout(() => client.stream.destroy(), GRACE);
        // MQTT.js says DISCONNECT only when nothing is under way.
        for (const outgoing of Object.keys(client.outgoing)) {
          client.removeOutgoingMessage(Number(outgoing));
        }
        client.end(!client.connected);
      },
    };
  };
}

function arrivalOf(packet: IPublishPacket): Arrival {
  const { topic, payload, qos, retain, dup, messageId: id = 0 } = packet;
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  return { topic, payload: bytes, qos, retain, dup, id };
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
