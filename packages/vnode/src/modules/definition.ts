/** Makes a module of what a file exports, or says what is wrong with it. */
import { FORMATS, type ModuleDefinition, N2OError } from '@n2o/shared';
import type { Namespace } from './evaluator.ts';

const FUNCTIONS = ['event', 'init', 'terminate', 'state', 'key'] as const;
/** Each of these makes a module. */
const MEMBERS = ['event', 'init', 'terminate', 'methods', 'formatter'] as const;
/** These say more of one. */
const OTHERS = ['state', 'key', 'remember'] as const;

/**
 * The module that a file defines: its default export, else its exports named `event`, `init`,
 * `terminate`, `methods`, `formatter`, `state`, `key` and `remember`.
 * @throws N2O_MODULE_LOAD naming the file and what is wrong with it
 */
export function definitionOf(exports: Namespace, file: string): ModuleDefinition {
  const definition = [exports.default, pick(exports)].find(isDefinition);
  const fault =
    definition === undefined ? `exports none of ${MEMBERS.join(', ')}` : faultOf(definition);
  if (fault !== undefined) throw new N2OError('N2O_MODULE_LOAD', `${file}: ${fault}`);
  return definition as ModuleDefinition;
}

/** The members among a file's exports: a plain object, so that methods may use `this`. */
function pick(exports: Namespace): Namespace {
  const members = [...MEMBERS, ...OTHERS].filter((member) => exports[member] !== undefined);
  return Object.fromEntries(members.map((member) => [member, exports[member]]));
}

function isDefinition(value: unknown): value is Namespace {
  return isRecord(value) && MEMBERS.some((member) => value[member] !== undefined);
}

function faultOf({ methods, formatter, remember, ...others }: Namespace): string | undefined {
  const bad = FUNCTIONS.find(
    (name) => others[name] !== undefined && typeof others[name] !== 'function',
  );
  if (bad !== undefined) return `'${bad}' is not a function`;
  if (formatter !== undefined && !FORMATS.some((format) => format === formatter)) {
    return `there is no formatter '${String(formatter)}', only ${FORMATS.join(', ')}`;
  }
  if (remember !== undefined && typeof remember !== 'boolean') return `'remember' is not a boolean`;
  if (methods === undefined) return undefined;
  if (!isRecord(methods)) return `'methods' is not an object`;
  const odd = Object.keys(methods).find((name) => typeof methods[name] !== 'function');
  return odd === undefined ? undefined : `the method '${odd}' is not a function`;
}

function isRecord(value: unknown): value is Namespace {
  return typeof value === 'object' && value !== null;
}
