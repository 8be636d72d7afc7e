/** The secrets of a server: those that are set, or one that is made and kept for the next start. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Logger, N2OError, reason } from '@n2o/shared';

/** As for those that are set, in characters. */
const LEAST = 16;

export interface SecretSource {
  /** The option. */
  readonly secret: readonly string[] | undefined;
  /** The option: with a store in memory nothing outlives the process, nor does a secret. */
  readonly store: string;
  /** The current folder, absolute. */
  readonly cwd: string;
  /** Whether `NODE_ENV` is `production`. */
  readonly production: boolean;
}

/**
 * The secrets, the current one first. One that is made is kept in `.n2o/secret`, for its owner alone,
 * so that pages that are open go on after a restart.
 * @throws N2O_CONFIG_OPTION in production without one, or when what is kept is no secret
 */
export async function secretsOf(source: SecretSource, log: Logger): Promise<readonly string[]> {
  const { secret, store, cwd, production } = source;
  if (secret !== undefined) return secret;
  if (production) {
    throw new N2OError(
      'N2O_CONFIG_OPTION',
      'secret: must be set where NODE_ENV is production: set N2O_SECRET, or N2O_SECRET_FILE to a file with it, to 16 random characters or more, the same for all hosts',
    );
  }
  const made = randomBytes(32).toString('base64url');
  if (/^memory$/i.test(store)) {
    log.info({}, 'a secret was made for this run: set N2O_SECRET, and sessions outlive it');
    return [made];
  }
  const file = join(cwd, '.n2o', 'secret');
  return [(await keptIn(file)) ?? (await keep(made, file, log))];
}

async function keptIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return undefined;
    throw new N2OError('N2O_CONFIG_OPTION', `secret: ${reason(error)}`, { cause: error });
  });
  const kept = text?.trim();
  if (kept !== undefined && kept.length < LEAST) {
    throw new N2OError('N2O_CONFIG_OPTION', `secret: ${file} has less than ${LEAST} characters`);
  }
  return kept;
}

/** Whoever starts at the same moment has the same one: it is there as a whole, or not at all. */
async function keep(secret: string, file: string, log: Logger): Promise<string> {
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, `${secret}\n`, { mode: 0o600 });
    if (!(await isFirst(draft, file))) return (await keptIn(file)) ?? secret;
    log.info({ file }, 'a secret was made and is kept: hosts of a cluster need the same one');
  } catch (error) {
    if (error instanceof N2OError) throw error;
    log.warn({ err: error }, 'a secret was made for this run: it cannot be kept');
  } finally {
    // What cannot be removed was not made.
    await rm(draft, { force: true }).catch(() => undefined);
  }
  return secret;
}

/** Gives the draft its name, unless there is one of that name. */
async function isFirst(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
