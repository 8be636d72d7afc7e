/** One connection to a module over N2O's WebSocket: a message a frame, without topics or receipts. */
import { actionsTopic, textOf } from '@n2o/shared';
import type { Parcel, Publication } from '../../outbox.ts';
import { type Settings, withoutBroker } from '../../settings.ts';
import type { Open } from '../../transport.ts';
import { openWire } from '../wire.ts';

/** N2O's sign of life, and what the server answers. */
const PING = 'PING';
const PONG = 'PONG';

/**
 * Connections to the module at this URL. The server takes the messages of a connection one after the
 * other, so the answer to a PING tells that it has everything that was sent before: this is how
 * messages are acknowledged that have no reply.
 */
export function n2oWebSocket(settings: Settings, url: string, module: string): Open {
  return (listener) => {
    /** By PING that is not answered yet: what was sent between it and the one before. */
    const receipts: number[][] = [];
    let unreceipted: number[] = [];
    const topic = actionsTopic(settings.version, module, settings.id);

    const wire = openWire(
      url,
      { ...settings, protocols: [] },
      {
        opened() {
          listener.accepted(false);
          listener.connected();
        },
        ping,
        received(data) {
          const payload = typeof data === 'string' ? new TextEncoder().encode(data) : data;
          // This is how a server says that it does not know a message.
          if (payload.length === 0) return;
          if (payload.length === PONG.length && textOf(payload) === PONG && receipts.length > 0) {
            for (const id of receipts.shift() ?? []) listener.acknowledged(id);
            if (unreceipted.length > 0 && receipts.length === 0) ping();
            return;
          }
          listener.arrived({ topic, payload, qos: 0, retain: false, dup: false, id: 0 });
        },
        closed: (reason) => listener.closed(reason),
      },
    );

    function ping(): void {
      receipts.push(unreceipted);
      unreceipted = [];
      wire.send(PING);
    }

    return {
      publish(publication: Publication & Partial<Parcel>, id) {
        wire.send(frameOf(publication.payload));
        // A reply is receipt enough.
        if (id === 0 || publication.held) return;
        unreceipted.push(id);
        if (receipts.length === 0) ping();
      },
      subscribe: () => Promise.reject(withoutBroker('topics')),
      unsubscribe: () => Promise.reject(withoutBroker('topics')),
      close: () => wire.close(),
    };
  };
}

/** BERT goes as bytes, and what is text as text, so that it is answered with text. */
function frameOf(payload: Uint8Array): Uint8Array | string {
  return payload[0] === 131 ? payload : (textOf(payload) ?? payload);
}
