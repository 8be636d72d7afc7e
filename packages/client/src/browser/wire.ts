/** A WebSocket that tells of its end once, and that is given up when it has fallen silent. */
import { N2OError } from '@n2o/shared';

/** What a wire tells. */
export interface WireListener {
  opened(): void;
  received(data: Uint8Array | string): void;
  /** Time for a sign of life, which the other side answers. */
  ping(): void;
  /** Once, also of a connection that never came about. */
  closed(reason: N2OError | undefined): void;
}

export interface Wire {
  /** What is sent before it is open, or after its end, is lost. */
  send(data: Uint8Array | string): void;
  /** Ends it, for a reason or because it was wanted. Idempotent. */
  close(reason?: N2OError): void;
}

export interface WireOptions {
  readonly protocols: readonly string[];
  /** Milliseconds until an attempt is given up. */
  readonly connectTimeout: number;
  /** Seconds within which something is heard, or the wire is given up; 0 for no such bound. */
  readonly keepalive: number;
}

/** @throws N2OError `N2O_CLIENT_CONNECT` where the address is not one that a page may connect to */
export function openWire(url: string, options: WireOptions, listener: WireListener): Wire {
  const socket = socketTo(url, options.protocols);
  socket.binaryType = 'arraybuffer';
  let beat: ReturnType<typeof setInterval> | undefined;
  let isAlive = true;
  let isOver = false;

  /** The browser may take long to see that the other side is gone: from here on it is, for us. */
  const end = (reason: N2OError | undefined) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timeout);
    clearInterval(beat);
    socket.close();
    listener.closed(reason);
  };
  const fail = (text: string) => end(new N2OError('N2O_CLIENT_CONNECT', text));

  const timeout = setTimeout(
    () => fail(`no connection within ${options.connectTimeout} ms`),
    options.connectTimeout,
  );
  socket.onopen = () => {
    if (isOver) return;
    clearTimeout(timeout);
    if (options.keepalive > 0) beat = setInterval(check, options.keepalive * 500);
    listener.opened();
  };
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (isOver) return;
    isAlive = true;
    listener.received(typeof data === 'string' ? data : new Uint8Array(data));
  };
  socket.onclose = ({ code, reason }) => fail(`the connection was closed: ${code} ${reason}`);

  /** Twice in the time, so that what was asked the first time is answered by the second. */
  function check(): void {
    if (!isAlive) {
      fail('the server does not answer any more');
      return;
    }
    isAlive = false;
    listener.ping();
  }

  return {
    send: (data) => {
      if (!isOver && socket.readyState === socket.OPEN)
        socket.send(data as Uint8Array<ArrayBuffer>);
    },
    close: end,
  };
}

function socketTo(url: string, protocols: readonly string[]): WebSocket {
  try {
    return new WebSocket(url, [...protocols]);
  } catch (cause) {
    throw new N2OError('N2O_CLIENT_CONNECT', `cannot connect to ${url}`, { cause });
  }
}
