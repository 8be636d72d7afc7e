/** The words and the rules of N2O: what every other package speaks. */
export { type BrokerUrl, readBrokerUrl, wrongUrl } from './broker-url.ts';
export {
  type ClientSession,
  type Context,
  defineModule,
  type FileBlock,
  type FileTransfer,
  type Handler,
  type Logger,
  type Method,
  type ModuleContext,
  type ModuleDefinition,
  type Resource,
  type Route,
  type State,
} from './context.ts';
export { ERRORS, type ErrorCode, N2OError, reason } from './errors.ts';
export {
  type HttpRequest,
  type HttpResponse,
  REQUEST_HEADERS,
  readRequest,
  readResponse,
  writeRequest,
  writeResponse,
} from './exchange.ts';
export { Atom, atom } from './formatters/bert/atom.ts';
export { createBert } from './formatters/bert/bert.ts';
export { type BertOptions, createLeanBert } from './formatters/bert/lean.ts';
export { Bits, Float, ImproperList, Opaque, Tuple, tuple } from './formatters/bert/term.ts';
export { FORMAT_LIMITS, type FormatLimits, type Formatter } from './formatters/formatter.ts';
export { createFormatters, type Formatters } from './formatters/formatters.ts';
export { scan as scanJson } from './formatters/json/scan.ts';
export { createPageFormatters } from './formatters/page.ts';
export { binary, textOf } from './formatters/utf8.ts';
export { XmlElement } from './formatters/xml/element.ts';
export { type FtpMessage, readFtp, writeFtp } from './ftp.ts';
export { httpStatus } from './http-status.ts';
export type { Event, Link, Outcome } from './link.ts';
export { LOG_TOPIC, type LogChange, printLogChange, readLogChange } from './log-change.ts';
export { LogDial, leveled } from './log-dial.ts';
export {
  changedLevels,
  isLogged,
  LOG_LEVELS,
  type LogLevel,
  type LogLevels,
  MAX_LOG_NAMES,
  type Severity,
} from './log-levels.ts';
export { info, type Protocol } from './loop.ts';
export { discard } from './memory.ts';
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
export type { Action, Content, Element, Postback, Renderer, Runtime } from './page/element.ts';
export type { Binding, Instruction } from './page/instruction.ts';
export type { Page } from './page/page.ts';
export { isPageId, pageId } from './page-id.ts';
export { unescaped } from './percent.ts';
export { isQuery, QUERY_LIMIT } from './query.ts';
export { Queue } from './queue.ts';
export { hostOf, MAX_VNODES, vnodeOf } from './ring.ts';
export type { Auth, User } from './services/auth.ts';
export type { Cache, CacheTable } from './services/cache.ts';
export type {
  Announcement,
  FilePart,
  Files,
  Standing,
  StoredFile,
  TransferKey,
} from './services/files.ts';
export type { Entry, Feed, FeedPage, Kvs, TakeOptions } from './services/kvs.ts';
export type {
  Bus,
  Member,
  Mq,
  Publication,
  PublishOptions,
  Subscription,
} from './services/mq.ts';
export type {
  FileInfo,
  FileOwner,
  FilePage,
  FileRange,
  ListOptions,
  OwnedFiles,
} from './services/owned-files.ts';
export type { Pickler } from './services/pickler.ts';
export {
  Answered,
  answered,
  type Proc,
  type Process,
  type ProcessContext,
  type Processes,
  type ProcessOptions,
} from './services/processes.ts';
export { requireHearable, requireMember, requirePublishable } from './services/reach.ts';
export type { Services } from './services/services.ts';
export type { Identity, Sessions, Variables } from './services/session.ts';
export type { Timers } from './services/timers.ts';
export {
  type Change,
  type Extent,
  type Fence,
  type Follow,
  ORDERED,
  RANGE_BYTES,
  type Range,
  type Store,
} from './store.ts';
export { isToken, withoutToken } from './token.ts';
export {
  actionsTopic,
  CLUSTER_TOPIC,
  DEFAULT_MODULE,
  deadTopic,
  type EventsTopic,
  eventsFilter,
  eventsTopic,
  httpTopic,
  isEvents,
  isReserved,
  isTopicFilter,
  isTopicName,
  levelCount,
  matches,
  parseActions,
  parseEvents,
  parseHttp,
  parseTell,
  printEvents,
  STORE_ANSWERS,
  STORE_REQUESTS,
  selectsOwnActions,
  tellTopic,
  vnodeFilters,
  vnodeInFilter,
} from './topic.ts';
