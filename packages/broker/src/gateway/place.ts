/** Paths of the HTTP port, read: which module is meant. */
import { DEFAULT_MODULE, isTopicName } from '@n2o/shared';

/** Bytes of the name of a module in a path; its files have names no longer than this. */
const NAME = 255;

/** Beside the files of the runtime, which says this. */
const SESSION = '/n2o/session/';

/** What `/app/:module`, `/rest/:resource[/:id]` and `/n2o/session/:module` ask for. */
export interface Place {
  readonly kind: 'app' | 'rest' | 'session';
  /** The name of a module. */
  readonly resource: string;
  /** Decoded; empty where there is none. */
  readonly id: string;
}

/** What may be done with each. */
export const METHODS: Readonly<Record<Place['kind'], readonly string[]>> = {
  app: ['GET', 'HEAD'],
  rest: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
  session: ['POST'],
};

/** Reads the path of a page or resource, without query; `undefined` for any other. */
export function readPlace(path: string): Place | undefined {
  if (path.startsWith(SESSION)) {
    const resource = readModule(path.slice(SESSION.length));
    return resource === undefined ? undefined : { kind: 'session', resource, id: '' };
  }
  const kind = path.startsWith('/app/') ? 'app' : path.startsWith('/rest/') ? 'rest' : undefined;
  if (kind === undefined) return undefined;
  const start = kind.length + 2;
  const slash = path.indexOf('/', start);
  const id = slash < 0 ? '' : path.slice(slash + 1);
  if (slash >= 0 && (kind === 'app' || id.includes('/'))) return undefined;
  const resource = readModule(slash < 0 ? path.slice(start) : path.slice(start, slash));
  const decoded = decode(id);
  // What looks like a file is one: N2O's own pages lie beside their scripts.
  if (resource === undefined || decoded === undefined || resource.includes('.')) return undefined;
  return { kind, resource, id: decoded };
}

/**
 * The module of an N2O WebSocket: the last level without extension, as `n2o.js` asks under
 * `/ws` + the path of its page; `undefined` where that is no module.
 */
export function readSocketPath(path: string): string | undefined {
  if (path === '/ws') return DEFAULT_MODULE;
  if (!path.startsWith('/ws/')) return undefined;
  const last = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  return last === '' ? DEFAULT_MODULE : readModule(last);
}

/**
 * What no module is called. Its name goes to the vnode in a line of its own, which another line must
 * not follow out of it.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A level of a path that can be a level of a topic. */
function readModule(level: string): string | undefined {
  const name = decode(level);
  // As they are, none of these can stand in a path: who has not encoded anything is not looked at.
  if (name !== level && name !== undefined && CONTROL.test(name)) return undefined;
  if (!name || name.includes('/') || !isTopicName(name)) return undefined;
  return Buffer.byteLength(name) <= NAME ? name : undefined;
}

function decode(level: string): string | undefined {
  if (!level.includes('%')) return level;
  try {
    return decodeURIComponent(level);
  } catch {
    return undefined;
  }
}
