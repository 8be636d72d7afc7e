/** The words and the rules of N2O: what every other package speaks. */
export {
  type Context,
  defineModule,
  type Logger,
  type Method,
  type ModuleContext,
  type ModuleDefinition,
  type Route,
} from './context.ts';
export { ERRORS, type ErrorCode, N2OError, reason } from './errors.ts';
export type { Event, Link, Outcome } from './link.ts';
export { info, type Protocol } from './loop.ts';
export {
  type Answer,
  ErrorFrame,
  FORMATS,
  type Format,
  Io,
  type Message,
  nothing,
  Reply,
  reply,
  unknown,
} from './message.ts';
export { hostOf, MAX_VNODES, vnodeOf } from './ring.ts';
export {
  actionsTopic,
  DEFAULT_MODULE,
  deadTopic,
  type EventsTopic,
  eventsTopic,
  isTopicFilter,
  isTopicName,
  levelCount,
  matches,
  parseActions,
  parseEvents,
} from './topic.ts';
