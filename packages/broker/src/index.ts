/** N2O's broker: MQTT connections in, events to the vnodes, actions back. */
export { createBroker } from './broker.ts';
export type { Authenticate, Credentials } from './core.ts';
export type { Counters } from './counters.ts';
export type { WebOptions } from './gateway/web.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { Addresses } from './listener/listeners.ts';
export { createStatusServer, type Status } from './listener/status.ts';
export type { Certificates, Tls } from './listener/tls.ts';
export { type Metric, printMetrics } from './metrics.ts';
export type { Broker, BrokerOptions } from './options.ts';
