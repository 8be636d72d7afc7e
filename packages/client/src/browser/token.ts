/** Keeps the token of a page's session: in memory, and for as long as the tab is open if it may. */
export interface TokenKeeper {
  /** Empty where there is none. */
  get(): string;
  set(token: string): void;
}

/** @param first known already; else what the tab has kept */
export function tokenKeeper(module: string, first: string | undefined, keep: boolean): TokenKeeper {
  const key = `n2o-token-${module}`;
  let token = first ?? (keep ? stored(() => sessionStorage.getItem(key)) : undefined) ?? '';
  return {
    get: () => token,
    set(next) {
      token = next;
      if (keep) stored(() => sessionStorage.setItem(key, next));
    },
  };
}

/** A page may be forbidden to store anything. */
function stored<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
