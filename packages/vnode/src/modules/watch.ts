/** Tells when the sources of an application change. */
import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { N2OError, reason } from '@n2o/shared';

export interface WatchOptions {
  /** How long nothing must change before `onChange` is called, in milliseconds; by default 100. */
  readonly quiet?: number;
}

export interface ModuleWatch extends Disposable {
  /** Ends it: `onChange` is not called any more. Idempotent. */
  close(): void;
}

/**
 * Watches a folder and the folders in it, without polling, except `node_modules` and names that
 * begin with a dot. Calls `onChange` once a burst of changes is over.
 * @throws N2O_MODULE_LOAD if the folder cannot be watched
 */
export async function watchModules(
  folder: string,
  onChange: () => void,
  { quiet = 100 }: WatchOptions = {},
): Promise<ModuleWatch> {
  let watchers: readonly FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let foldersChanged = false;
  let closed = false;

  function changed(type: string): void {
    if (closed) return;
    foldersChanged ||= type === 'rename';
    clearTimeout(timer);
    timer = setTimeout(() => void settle(), quiet);
  }

  async function settle(): Promise<void> {
    if (foldersChanged) {
      foldersChanged = false;
      // The old ones go only when the new ones are there, so that no change falls between them.
      const old = watchers;
      watchers = await openAll(folder, changed).catch(() => []);
      close(closed ? [...old, ...watchers] : old);
    }
    if (!closed) onChange();
  }

  try {
    watchers = await openAll(folder, changed);
  } catch (thrown) {
    const text = `${folder}: cannot be watched: ${reason(thrown)}`;
    throw new N2OError('N2O_MODULE_LOAD', text, { cause: thrown });
  }
  const end = (): void => {
    closed = true;
    clearTimeout(timer);
    close(watchers);
  };
  return { close: end, [Symbol.dispose]: end };
}

/** A watcher for each folder: Node's recursive one on Linux takes one for each file. */
async function openAll(folder: string, changed: (type: string) => void): Promise<FSWatcher[]> {
  const opened: FSWatcher[] = [];
  const pending = [folder];
  try {
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      opened.push(open(path, changed));
      // Listed after the watcher is there: a folder made meanwhile is in the list, or an event.
      for (const entry of await readdir(path, { withFileTypes: true })) {
        if (entry.isDirectory() && !isIgnored(entry.name)) pending.push(join(path, entry.name));
      }
    }
    return opened;
  } catch (thrown) {
    close(opened);
    throw thrown;
  }
}

function open(folder: string, changed: (type: string) => void): FSWatcher {
  const watcher = watch(folder, { persistent: false }, (type, name) => {
    if (name === null || !isIgnored(name)) changed(type);
  });
  return watcher.on('error', () => changed('rename'));
}

function isIgnored(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.');
}

function close(watchers: readonly FSWatcher[]): void {
  for (const watcher of watchers) watcher.close();
}
