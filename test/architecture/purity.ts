/** Where state, clocks and chance may not be, as rules over the syntax tree. */
import type { ESTree } from 'rolldown/utils';
import { eachFile, inLibrary, visit } from './source.ts';

/** Files whose module holds a collection, and why it may. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  'packages/shared/src/formatters/bert/atom.ts': 'atoms are compared by identity, as in Erlang',
  'packages/vnode/src/pool/worker.ts': 'the entry of a thread: its module lives as the thread does',
};

/** State is passed, never ambient. */
export const noModuleState = eachFile(inLibrary, ({ path, program }, report) => {
  for (const statement of program.body) {
    const declared =
      statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration') continue;
    if (declared.kind !== 'const') report(declared.start, `module-level \`${declared.kind}\``);
    for (const { init } of declared.declarations) {
      if (isEmptyCollection(init) && !COLLECTIONS[path]) {
        report(declared.start, 'a collection that the whole module shares');
      }
    }
  }
});

function isEmptyCollection(init: ESTree.Expression | null): boolean {
  return (
    init?.type === 'NewExpression' &&
    init.callee.type === 'Identifier' &&
    /^(Weak)?(Map|Set)$/.test(init.callee.name) &&
    init.arguments.length === 0
  );
}

/** Nothing is left on the global object. */
export const noGlobals = eachFile(inLibrary, ({ program }, report) => {
  const check = (target: ESTree.Node, start: number) => {
    if (isGlobal(rootOf(target))) report(start, 'writes to the global object');
  };
  visit(program, {
    AssignmentExpression: ({ left, start }) => {
      if (left.type === 'MemberExpression') check(left, start);
    },
    UpdateExpression: ({ argument, start }) => {
      if (argument.type === 'MemberExpression') check(argument, start);
    },
    CallExpression: ({ callee, arguments: [first], start }) => {
      if (first && nameOf(callee)?.startsWith('Object.')) check(first, start);
    },
  });
});

function isGlobal(node: ESTree.Node): boolean {
  return node.type === 'Identifier' && /^(globalThis|global)$/.test(node.name);
}

/** The leftmost expression of `a.b.c`: `a`. */
function rootOf(node: ESTree.Node): ESTree.Node {
  if (node.type === 'MemberExpression') return rootOf(node.object);
  return /^(TS|Parenthesized)/.test(node.type) && 'expression' in node
    ? rootOf(node.expression as ESTree.Node)
    : node;
}

/** `a.b` as text, for two names joined by a dot. */
function nameOf(node: ESTree.Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed) return undefined;
  if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return undefined;
  return `${node.object.name}.${node.property.name}`;
}

const CLOCKS_AND_CHANCE =
  /^(Date\.now|performance\.now|AbortSignal\.timeout|Math\.random|crypto\.(getRandomValues|randomUUID))$/;
const AMBIENT = /^(setTimeout|setInterval|setImmediate|queueMicrotask|process|console|fetch)$/;

/** The rules of N2O are pure: clock, timers and randomness are arguments. */
export const pureCore = eachFile(
  ({ path }) => /^packages\/(shared\/src\/|vnode\/src\/(.+\/)?protocols\/)/.test(path),
  ({ program }, report) => {
    visit(program, {
      NewExpression: ({ callee, arguments: given, start }) => {
        if (nameOf(callee) === 'Date' && given.length === 0) report(start, 'reads the clock');
      },
      MemberExpression: (node) => {
        const name = nameOf(node) ?? '';
        if (CLOCKS_AND_CHANCE.test(name) || AMBIENT.test(nameOf(node.object) ?? '')) {
          report(node.start, `${name}: the core only computes`);
        }
      },
      CallExpression: ({ callee, start }) => {
        if (AMBIENT.test(nameOf(callee) ?? '')) report(start, 'the core only computes');
      },
    });
  },
);
