/** What the HTTP port serves besides MQTT, and its bounds. */

/** Options of the HTTP port; what is left out is as `DEFAULT_WEB` says. */
export interface WebOptions {
  /** Folders of files that anybody may have, absolute: what the first has not may be in the next. */
  readonly public?: readonly string[];
  /** Folder of the browser client, absolute, served below `/n2o/`; without one there is none. */
  readonly runtime?: string | undefined;
  /** Origins whose pages may speak to this server besides its own, as `https://shop.example`; `*` for all. */
  readonly origins?: readonly string[] | '*';
  /** Bytes of the body of a request. */
  readonly maxBody?: number;
  /** Bytes of a message over WebSocket. */
  readonly maxMessage?: number;
  /** Milliseconds that a vnode has for a request. */
  readonly deadline?: number;
  /** Milliseconds of silence until a WebSocket is pinged, and from then until it is given up. */
  readonly idle?: number;
}

/** The same with nothing left open. */
export type Web = Required<WebOptions>;

const MiB = 1024 * 1024;

export const DEFAULT_WEB: Web = {
  public: [],
  runtime: undefined,
  origins: [],
  maxBody: MiB,
  maxMessage: MiB,
  deadline: 60_000,
  idle: 30_000,
};
