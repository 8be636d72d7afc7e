/** The table of errors, its page, and the code agree. */
import type { ESTree } from 'rolldown/utils';
import { inLibrary, type Rule, type Source, visit } from './source.ts';

const TABLE = 'packages/shared/src/errors.ts';
const PAGE = 'docs/errors.md';

/** Every code is thrown, sent or compared somewhere. */
export const everyErrorIsUsed: Rule = (sources) => {
  const table = sources.find(({ path }) => path === TABLE);
  const rest = sources.filter((file) => inLibrary(file) && file !== table);
  const used = new Set<unknown>();
  for (const { program } of rest) {
    visit(program, {
      Literal: ({ value }) => used.add(value),
      MemberExpression: ({ property }) => property.type === 'Identifier' && used.add(property.name),
    });
  }
  return [...tableOf(table).keys()]
    .filter((code) => !used.has(code))
    .map((code) => `${TABLE}:1 ${code} is used nowhere`);
};

/** The page has a row for each code, with the table's words, and no other. */
export function errorPage(page: string): Rule {
  return (sources) => {
    const table = tableOf(sources.find(({ path }) => path === TABLE));
    const rows = new Map(
      [...page.matchAll(/^\| `(N2O_\w+)` \| (.+?) \| .+ \|$/gm)].map((row) => [row[1], row[2]]),
    );
    return [
      ...[...table].flatMap(([code, meaning]) =>
        rows.get(code) === meaning
          ? []
          : [`${PAGE}:1 wants a row: | \`${code}\` | ${meaning} | … |`],
      ),
      ...[...rows.keys()]
        .filter((code) => !table.has(code ?? ''))
        .map((code) => `${PAGE}:1 ${code} is not in the table`),
      ...inOrder([...table.keys()]).map((code) => `${TABLE}:1 ${code} is out of order`),
    ];
  };
}

function inOrder(codes: readonly string[]): string[] {
  return codes.filter((code, i) => i > 0 && code < (codes[i - 1] as string));
}

/** Code → text, from the object literal `ERRORS`. */
function tableOf(file: Source | undefined): Map<string, string> {
  const table = new Map<string, string>();
  if (!file) return table;
  visit(file.program, {
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'Identifier' || id.name !== 'ERRORS') return;
      const literal = (init?.type === 'TSAsExpression' ? init.expression : init) as ESTree.Node;
      if (literal?.type !== 'ObjectExpression') return;
      for (const entry of literal.properties) {
        if (entry.type !== 'Property' || entry.key.type !== 'Identifier') continue;
        if (entry.value.type === 'Literal') table.set(entry.key.name, String(entry.value.value));
      }
    },
  });
  return table;
}
