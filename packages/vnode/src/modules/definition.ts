/** Makes a module of what a file exports, or says what is wrong with it. */
import { FORMATS, type ModuleDefinition, N2OError } from '@n2o/shared';
import type { Namespace } from './evaluator.ts';

/** Functions that answer somebody. */
const HANDLERS = ['event', 'main', 'client', 'server', 'bin', 'file', 'relay', 'apiEvent'] as const;
const FUNCTIONS = [...HANDLERS, 'init', 'terminate', 'state', 'key'] as const;
/** Objects of functions. */
const TABLES = ['methods', 'handlers', 'rest'] as const;
/** Each of these makes a module. */
const MEMBERS = [...HANDLERS, 'init', 'terminate', ...TABLES, 'formatter'] as const;
/** These say more of one. */
const OTHERS = ['state', 'key', 'remember', 'scripts'] as const;
const BOOLEANS = ['remember', 'scripts'] as const;

/** What a function of a table is called where one is missing. */
const CALLED = { methods: 'method', handlers: 'handler', rest: 'function of rest' } as const;

/** What a resource may have. */
const VERBS: readonly string[] = ['list', 'get', 'create', 'update', 'delete'];

/**
 * The module that a file defines: its default export, else its exports that have the names of the
 * members of a module.
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

function faultOf(definition: Namespace): string | undefined {
  const { formatter } = definition;
  const bad = FUNCTIONS.find(
    (name) => definition[name] !== undefined && typeof definition[name] !== 'function',
  );
  if (bad !== undefined) return `'${bad}' is not a function`;
  if (formatter !== undefined && !FORMATS.some((format) => format === formatter)) {
    return `there is no formatter '${String(formatter)}', only ${FORMATS.join(', ')}`;
  }
  const odd = BOOLEANS.find(
    (name) => definition[name] !== undefined && typeof definition[name] !== 'boolean',
  );
  if (odd !== undefined) return `'${odd}' is not a boolean`;
  return TABLES.map((name) => tableFaultOf(name, definition[name])).find(Boolean);
}

function tableFaultOf(name: (typeof TABLES)[number], table: unknown): string | undefined {
  if (table === undefined) return undefined;
  if (!isRecord(table)) return `'${name}' is not an object`;
  // A resource may be an instance of a class, which has them from its prototype.
  const members = name === 'rest' ? VERBS.filter((verb) => verb in table) : Object.keys(table);
  if (name === 'rest' && members.length === 0) return `'rest' has none of ${VERBS.join(', ')}`;
  const odd = members.find((member) => typeof table[member] !== 'function');
  return odd === undefined ? undefined : `the ${CALLED[name]} '${odd}' is not a function`;
}

function isRecord(value: unknown): value is Namespace {
  return typeof value === 'object' && value !== null;
}
