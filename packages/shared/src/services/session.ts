/** Sessions: who a browser or device is, and the variables of each, across connections, workers and hosts. */

/** What a token leads to. */
export interface Identity {
  /** What all variables of the session are kept under; never leaves the server. */
  readonly sid: string;
  /** What the client shows to get back to its session. */
  readonly token: string;
  /** Milliseconds since 1970 when the session ends. */
  readonly until: number;
}

export interface Sessions {
  /**
   * The session of a token: prolonged if that is configured; a new one for an empty, unknown, forged
   * or expired token. As N2O's `n2o_session:authenticate/2`.
   * @throws N2O_STORE_UNAVAILABLE
   */
  authenticate(token: string): Promise<Identity>;
  /** What a token leads to without prolonging or making anything; `undefined` where it leads nowhere. @throws N2O_STORE_UNAVAILABLE */
  find(token: string): Promise<Identity | undefined>;
  /**
   * The variables of a session. Where it is the one that `authenticate` or `find` has just given,
   * what was read with it need not be read again.
   */
  variables(sid: string, found?: Identity): Variables;
  /**
   * A session goes on under another name and another token, with its variables; the old ones lead
   * nowhere any more. For logins: whoever knew the token from before has nothing of it then.
   * What another event sets under the old token at the same moment comes along, or is refused with
   * N2O_SESSION_NONE; what it removes then may stay.
   * @throws N2O_SESSION_NONE when it has ended, N2O_STORE_UNAVAILABLE
   */
  renew(sid: string): Promise<Identity>;
  /**
   * What stays of a session's name when it is renewed, and no other session has: the buttons of its
   * pages are bound to that. Where it is left out they are bound to the name itself.
   */
  bondOf?(sid: string): string;
  /** Ends a session: its token leads nowhere any more, its variables are gone. @throws N2O_STORE_UNAVAILABLE */
  end(sid: string): Promise<void>;
}

/** The variables of one session; values are what JSON or BERT can write. They end with the session. */
export interface Variables {
  /** @throws N2O_STORE_UNAVAILABLE */
  get<Value = unknown>(name: string): Promise<Value | undefined>;
  /** `undefined` removes it. @throws N2O_STORE_UNAVAILABLE, N2O_SESSION_LIMIT, N2O_SESSION_NONE when it has ended, N2O_FORMAT_ENCODE, N2O_KVS_NAME */
  set(name: string, value: unknown): Promise<void>;
  /** @throws N2O_STORE_UNAVAILABLE */
  delete(name: string): Promise<void>;
  /** Removes all. @throws N2O_STORE_UNAVAILABLE */
  clear(): Promise<void>;
}
