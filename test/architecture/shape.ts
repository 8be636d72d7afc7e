/** How the sources are cut: sizes, folders, and what a newcomer reads first. */
import { inLibrary, type Rule } from './source.ts';

const LINES = 200;
const LINES_AT_MOST = 250;
const LINES_OF_HALF = 90;
const LINES_OF_CORE = 1000;

/** Files beyond LINES, up to LINES_AT_MOST: each needs a reason here. */
const LONGER: readonly string[] = [];

/** What a newcomer reads first, in reading order. */
export const CORE: readonly string[] = [
  'packages/shared/src/loop.ts',
  'packages/vnode/src/protocols/heart.ts',
  'packages/shared/src/message.ts',
  'packages/shared/src/context.ts',
  'packages/shared/src/topic.ts',
  'packages/shared/src/ring.ts',
  'packages/shared/src/link.ts',
  'packages/shared/src/formatters/formatter.ts',
  'packages/vnode/src/runtime/mailbox.ts',
  'packages/vnode/src/runtime/runtime.ts',
  'packages/vnode/src/pool/worker.ts',
];

/** One concept a file. */
export const fileSizes: Rule = (sources) => {
  const files = sources.filter(inLibrary);
  const faults = files
    .filter(({ path, lines }) => lines > (LONGER.includes(path) ? LINES_AT_MOST : LINES))
    .map(({ path, lines }) => `${path}:1 has ${lines} lines: one concept a file`);
  const small = files.filter(({ lines }) => lines <= LINES_OF_HALF).length;
  if (small * 2 < files.length) {
    faults.push(
      `packages:1 only ${small} of ${files.length} files are within ${LINES_OF_HALF} lines`,
    );
  }
  return faults;
};

/** Folders tell the way of a message; none is a drawer, none a kind of language construct. */
export const folderNames: Rule = (sources) => {
  const drawers =
    /\/(utils?|common|helpers?|misc|lib|types|interfaces|classes|enums|constants|models)(\/|\.(ts|mjs)$)/;
  return sources
    .filter(({ path }) => drawers.test(path))
    .map(({ path }) => `${path}:1 lies in a drawer: name it by what happens there`);
};

/** The core can be read in one sitting. */
export const smallCore: Rule = (sources) => {
  const files = sources.filter(({ path }) => CORE.includes(path));
  const total = files.reduce((sum, { lines }) => sum + lines, 0);
  const faults = CORE.filter((path) => !files.some((file) => file.path === path)).map(
    (path) => `${path}:1 is named as core and is not there`,
  );
  if (total > LINES_OF_CORE) faults.push(`packages:1 the core has ${total} lines`);
  return faults;
};
