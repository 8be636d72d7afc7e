/** What a hostile peer says, and what it should get for it. */

export interface Case {
  readonly says: readonly Uint8Array[];
  /** What it hears, in order, before the end or while it stays; strings, or matchers of the test runner. */
  readonly hears: readonly unknown[] | 'whatever';
  /** Whether its connection stays open. */
  readonly stays: boolean;
}

/** The connection is closed, without a word. */
export function closes(...says: Uint8Array[]): Case {
  return { says, hears: [], stays: false };
}

/** The connection is closed, whatever is said before. */
export function closesAtLast(...says: Uint8Array[]): Case {
  return { says, hears: 'whatever', stays: false };
}

/** The CONNECT is refused with a code, and the connection closed. */
export function refuses(code: number, ...says: Uint8Array[]): Case {
  return { says, hears: [`CONNACK ${code}`], stays: false };
}

/** It is answered, and the connection stays open. */
export function answers(hears: readonly unknown[], ...says: Uint8Array[]): Case {
  return { says, hears, stays: true };
}

/** It is ignored, and the connection stays open. */
export function ignores(...says: Uint8Array[]): Case {
  return answers([], ...says);
}
