/** Lets the browser's cookie follow its session to another token, before anything else is done with the page. */

/** Milliseconds until a server is given up that does not say whether it has. */
const PATIENCE = 5_000;

/** What waits at most; the page does not wait for the cookie any longer then. */
const WAITING = 1_000;

export interface Cookie {
  /** The session goes on under this token. */
  follow(token: string): void;
  /** Runs it now; behind the cookie and what has waited for that, while that is on its way. */
  after(act: () => void): void;
}

/** The cookie is the server's to set: no script may, or one that is not the page's could. */
export function createCookie(module: string): Cookie {
  const url = `/n2o/session/${encodeURIComponent(module)}`;
  let moving: Promise<void> | undefined;
  let waiting: (() => void)[] = [];

  function release(): void {
    const acts = waiting;
    waiting = [];
    moving = undefined;
    for (const act of acts) act();
  }

  return {
    follow(token) {
      const last = (moving ?? Promise.resolve()).then(() => ask(url, token));
      moving = last;
      void last.then(() => {
        if (moving === last) release();
      });
    },

    after(act) {
      if (moving === undefined) return act();
      waiting.push(act);
      if (waiting.length >= WAITING) release();
    },
  };
}

/** A page whose server knows nothing of it has no cookie to move: whatever it says, the page goes on. */
async function ask(url: string, token: string): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE);
  const headers = { 'x-auth-token': token };
  try {
    // Also when the page is being left.
    await fetch(url, { method: 'POST', headers, keepalive: true, signal });
  } catch {
    // Without the cookie the next page begins a session of its own, as if it had expired.
  }
}
