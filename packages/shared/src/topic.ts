/** The grammar of topics: who speaks to whom is written in them, and only this file reads and prints it. */

/** The levels of an events topic. `user` and `token` are there in the 7-level form of N2O 6. */
export interface EventsTopic {
  readonly version: string;
  /** The vnode as the sender wrote it; empty means that the broker fills it in. */
  readonly node: string;
  readonly module: string;
  /** Empty means the sender itself. */
  readonly client: string;
  readonly user?: string;
  readonly token?: string;
}

/** The module that an empty `:module` level stands for, as in N2O 6. */
export const DEFAULT_MODULE = 'index';

/**
 * Reads `events/:vsn/:node/:module/:client` and `events/:vsn/:node/:module/:user/:client/:token`,
 * and what today's `mq.js` of N2O writes: `/events/:owner/:service/:module/:vsn/:node/:client`;
 * `undefined` for anything else.
 */
export function parseEvents(topic: string): EventsTopic | undefined {
  if (topic.startsWith('/')) return parsePageEvents(topic);
  const levels = topic.split('/', 8);
  const [root, version, node, module] = levels;
  if (root !== 'events' || !version || node === undefined || module === undefined) return undefined;
  if (levels.length === 5) return { version, node, module, client: levels[4] as string };
  if (levels.length !== 7) return undefined;
  const [user, client, token] = levels.slice(4) as [string, string, string];
  return { version, node, module, client, user, token };
}

/** The owner and the service say nothing to this server: a page speaks to its module. */
function parsePageEvents(topic: string): EventsTopic | undefined {
  const [, root, , , module, version, node, client, ...more] = topic.split('/', 9);
  if (root !== 'events' || !module || !version || node === undefined || !client) return undefined;
  return more.length === 0 ? { version, node, module, client } : undefined;
}

/** Is it said to a module? The form of pages only from whom it names: it might be anybody's topic. */
export function isEvents(topic: string, client: string): boolean {
  return topic.startsWith('events/') || parsePageEvents(topic)?.client === client;
}

/** Prints `events/:vsn/:node/:module/:client`. */
export function eventsTopic(version: string, node: string, module: string, client: string): string {
  return `events/${version}/${node}/${module}/${client}`;
}

/** Prints what `parseEvents` reads: in the long form where there is a user or a token. */
export function printEvents({ version, node, module, client, user, token }: EventsTopic): string {
  const short = eventsTopic(version, node, module, user || token ? (user ?? '') : client);
  return user || token ? `${short}/${client}/${token ?? ''}` : short;
}

/** Prints the filter with which a vnode host gets the events of a vnode: `events/+/:vnode/#`. */
export function eventsFilter(vnode: number): string {
  return `events/+/${vnode}/#`;
}

/** The vnode that a filter of a vnode host selects, `events/+/:vnode/#`; `undefined` for other filters. */
export function vnodeInFilter(filter: string): number | undefined {
  const match = /^events\/\+\/([1-9]\d{0,2})\/#$/.exec(filter);
  return match ? Number(match[1]) : undefined;
}

const TELL = 'n2o/tell/';
const HTTP = 'n2o/http/';

/** Prints `n2o/tell/:vsn/:vnode/:module/:client`: what server code says to the module of a client. */
export function tellTopic(version: string, vnode: number, module: string, client: string): string {
  return `${TELL}${version}/${vnode}/${module}/${client}`;
}

/** Reads `n2o/tell/:vsn/:vnode/:module/:client`; `undefined` for anything else. */
export function parseTell(topic: string): EventsTopic | undefined {
  return parseBehind(TELL, topic);
}

/** Prints `n2o/http/:vsn/:vnode/:module/:client`: what the HTTP port asks a module for a browser. */
export function httpTopic(version: string, vnode: number, module: string, client: string): string {
  return `${HTTP}${version}/${vnode}/${module}/${client}`;
}

/** Reads `n2o/http/:vsn/:vnode/:module/:client`; `undefined` for anything else. */
export function parseHttp(topic: string): EventsTopic | undefined {
  return parseBehind(HTTP, topic);
}

/** All filters of a vnode host: what the clients of a vnode say, and what is said to their modules. */
export function vnodeFilters(vnode: number): readonly string[] {
  return [eventsFilter(vnode), `${TELL}+/${vnode}/#`, `${HTTP}+/${vnode}/#`];
}

function parseBehind(root: string, topic: string): EventsTopic | undefined {
  if (!topic.startsWith(root)) return undefined;
  const [version, node, module, client, ...more] = topic.slice(root.length).split('/', 5);
  if (!version || !node || !module || !client || more.length > 0) return undefined;
  return { version, node, module, client };
}

/** Prints `actions/:vsn/:module/:client`. */
export function actionsTopic(version: string, module: string, client: string): string {
  return `actions/${version}/${module}/${client}`;
}

/** Prints `dead/:module/:client`, where events go that nobody could handle. */
export function deadTopic(module: string, client: string): string {
  return `dead/${module}/${client}`;
}

/** Reads `actions/:vsn/:module/:client`; the client id may itself hold slashes. */
export function parseActions(
  topic: string,
): { version: string; module: string; client: string } | undefined {
  const match = /^actions\/([^/]+)\/([^/]*)\/(.+)$/s.exec(topic);
  if (!match) return undefined;
  return { version: match[1] as string, module: match[2] as string, client: match[3] as string };
}

/** Where a host asks for the store of its broker, and where the broker answers: on the same connection. */
export const STORE_REQUESTS = 'n2o/store';
export const STORE_ANSWERS = 'n2o/stored';

/** Where our broker tells a host of itself that subscribes to it: `{"vnodes":16}`. */
export const CLUSTER_TOPIC = 'n2o/cluster';

/** Do only the server and its hosts speak on it? */
export function isReserved(topic: string): boolean {
  return /^(?:actions\/|dead\/|n2o\/|\$)/.test(topic);
}

/** Does the filter select actions of this client and nothing else? */
export function selectsOwnActions(filter: string, client: string): boolean {
  if (!filter.startsWith('actions/') || !filter.endsWith(`/${client}`)) return false;
  return levelCount(filter) === 4;
}

/** The number of levels of a topic or filter. */
export function levelCount(topic: string): number {
  let levels = 1;
  for (let i = topic.indexOf('/'); i >= 0; i = topic.indexOf('/', i + 1)) levels++;
  return levels;
}

/** May a message be published to this name? Not empty, no wildcard, no NUL [MQTT-3.3.2-2] [MQTT-4.7.3-1]. */
export function isTopicName(topic: string): boolean {
  return topic.length > 0 && !/[+#\0]/.test(topic);
}

/** Is this a well-formed topic filter? [MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT-4.7.3-1] */
export function isTopicFilter(filter: string): boolean {
  if (filter.length === 0 || filter.includes('\0')) return false;
  const levels = filter.split('/');
  return levels.every((level, i) =>
    level === '#' ? i === levels.length - 1 : level === '+' || !/[+#]/.test(level),
  );
}

/** Does the filter select the topic? Wildcards do not match a leading `$` [MQTT-4.7.2-1]. */
export function matches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  const want = filter.split('/');
  const have = topic.split('/');
  for (const [i, level] of want.entries()) {
    if (level === '#') return true;
    if (i >= have.length) return false;
    if (level !== '+' && level !== have[i]) return false;
  }
  return want.length === have.length;
}
