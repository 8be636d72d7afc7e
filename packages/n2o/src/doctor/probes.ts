/** The probes that run one after the other, in the order of the table. */
import type { Probe } from './probe.ts';
import { anyOrder } from './probes/any-order.ts';
import { backlog } from './probes/backlog.ts';
import { frozen } from './probes/frozen.ts';
import { granted } from './probes/granted.ts';
import { hidden } from './probes/hidden.ts';
import { order } from './probes/order.ts';
import { packetSize } from './probes/packet-size.ts';
import { redelivery } from './probes/redelivery.ts';
import { retained } from './probes/retained.ts';
import { roundTrip } from './probes/round-trip.ts';
import { sessionPresent } from './probes/session-present.ts';
import { takeOver } from './probes/take-over.ts';
import { will } from './probes/will.ts';
import { window } from './probes/window.ts';

export const PROBES: readonly Probe[] = [
  backlog,
  order,
  takeOver,
  redelivery,
  window,
  anyOrder,
  sessionPresent,
  granted,
  hidden,
  retained,
  will,
  roundTrip,
  packetSize,
  frozen,
];
