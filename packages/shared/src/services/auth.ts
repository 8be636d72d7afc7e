/** Who may come in: users and their passwords, and tokens for devices. */

export interface User {
  readonly name: string;
  readonly [attribute: string]: unknown;
}

export interface Auth {
  /** Keeps a user; the password is kept as a salted hash. @throws N2O_STORE_UNAVAILABLE, N2O_AUTH_TAKEN, N2O_AUTH_INVALID, N2O_AUTH_BUSY, N2O_FORMAT_ENCODE, N2O_KVS_LIMIT */
  register(user: User, password: string): Promise<void>;
  /** The user, if the password is right; takes as long where there is no such user. @throws N2O_STORE_UNAVAILABLE, N2O_AUTH_BUSY after too many tries */
  verify(name: string, password: string): Promise<User | undefined>;
  /** A token that stands for a user until its time is over. N2O's `gen_token`. @param ttl milliseconds, by default 30 days @throws N2O_STORE_UNAVAILABLE */
  generateToken(name: string, ttl?: number): Promise<string>;
  /** The user of such a token. @throws N2O_STORE_UNAVAILABLE */
  userOf(token: string): Promise<User | undefined>;
  /** Takes a token back. @throws N2O_STORE_UNAVAILABLE */
  revoke(token: string): Promise<void>;
}
