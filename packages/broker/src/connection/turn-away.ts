/** Events that are not taken in. */
import type { ErrorCode } from '@n2o/shared';
import type { Address } from '../routing/address.ts';
import type { ClientLoad } from '../routing/load.ts';
import type { QoS } from '../wire/packet.ts';
import type { Connection } from './connection.ts';

/** Answers with an error, and acknowledges: it is not to come again by itself. */
export function turnAway(
  connection: Connection,
  address: Address,
  payload: Uint8Array,
  qos: QoS,
  id: number,
  code: ErrorCode,
): void {
  const { core, session } = connection;
  const { inTurn } = core.events;
  const load = connection.load as ClientLoad;
  if (qos > 0 && session?.kept) {
    const pledge = core.archive.promise(1);
    inTurn.turnAway(load, connection, address, payload, qos, id, code, pledge);
    return;
  }
  inTurn.refuse(load, address, payload, code);
  inTurn.acknowledge(load, connection, qos, id);
}
