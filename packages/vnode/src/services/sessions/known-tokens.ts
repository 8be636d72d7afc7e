/** Tokens that were shown lately: what one says stays the same, and to open it again takes long. */
import type { Token } from './token.ts';

/** Texts that are kept; with a bit more than 300 characters each, these are some MB. */
const LIMIT = 4_096;

export class KnownTokens {
  readonly #read: (text: string) => Token | undefined;
  #young = new Map<string, Token>();
  #old = new Map<string, Token>();

  /** @param read opens a token; what is none is not kept */
  constructor(read: (text: string) => Token | undefined) {
    this.#read = read;
  }

  /** What a text says that is a token. */
  get(text: string): Token | undefined {
    const young = this.#young.get(text);
    if (young !== undefined) return young;
    const token = this.#old.get(text) ?? this.#read(text);
    if (token !== undefined) this.#keep(text, token);
    return token;
  }

  /** Half of them are those that were shown last. */
  #keep(text: string, token: Token): void {
    if (this.#young.size >= LIMIT / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, token);
  }
}
