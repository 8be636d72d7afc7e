/** Loads a page anew that has outlived its session: what it shows can be pressed in vain only. */

/** As much of a token as tells it from others, and is of no use to who finds it. */
const MARK = 16;

/**
 * Makes what loads the page anew, and says whether it does: not one that was loaded for this reason
 * and has the token that it had before, for it would be no better the next time; nor where a page
 * may store nothing.
 *
 * @param token that the page began with
 */
export function createAfresh(module: string, token: string): () => boolean {
  const key = `n2o-afresh-${module}`;
  const mark = token.slice(-MARK);
  return () => {
    try {
      if (sessionStorage.getItem(key) === mark) return false;
      sessionStorage.setItem(key, mark);
    } catch {
      return false;
    }
    location.reload();
    return true;
  };
}
