/** What source code may not hold, as rules over the syntax tree. */
import type { ESTree } from 'rolldown/utils';
import { eachFile, inLibrary, visit } from './source.ts';

/** The public surface of a package is listed by hand. */
export const noExportAll = eachFile(inLibrary, ({ program }, report) =>
  visit(program, {
    ExportAllDeclaration: ({ start }) => report(start, '`export *`: list what is exported'),
  }),
);

/** Users tell errors apart by their code. */
export const codedErrors = eachFile(
  (file) => inLibrary(file) && file.path !== 'packages/shared/src/errors.ts',
  ({ program }, report) => {
    const check = ({ callee, start }: ESTree.NewExpression | ESTree.CallExpression) => {
      if (callee.type !== 'Identifier' || !isErrorClass(callee.name)) return;
      report(start, `a bare ${callee.name}: errors are N2OError, with a code`);
    };
    const subclass = ({ superClass, start }: ESTree.Class) => {
      if (superClass?.type !== 'Identifier' || !isErrorClass(superClass.name)) return;
      report(start, `extends ${superClass.name}: errors are N2OError, with a code`);
    };
    visit(program, {
      NewExpression: check,
      CallExpression: check,
      ClassDeclaration: subclass,
      ClassExpression: subclass,
    });
  },
);

function isErrorClass(name: string): boolean {
  return /^(Aggregate|Eval|Range|Reference|Syntax|Type|URI)?Error$/.test(name);
}

/** The types are true. */
export const noAny = eachFile(
  ({ path }) => path.endsWith('.ts'),
  ({ program, text }, report) => {
    visit(program, { TSAnyKeyword: ({ start }) => report(start, '`any`: say what it is') });
    for (const { index } of text.matchAll(/@ts-(ignore|nocheck)\b/g)) {
      report(index, 'the type check is switched off');
    }
  },
);

/** A protocol is a plain function. */
export const protocolsAreFunctions = eachFile(
  (file) => inLibrary(file) && file.path.includes('/protocols/'),
  ({ program }, report) => {
    const found = ({ start }: ESTree.Class) => report(start, 'a class among the protocols');
    visit(program, { ClassDeclaration: found, ClassExpression: found });
  },
);

/** Topics are printed and read in one file. */
export const oneTopicGrammar = eachFile(
  (file) => inLibrary(file) && file.path !== 'packages/shared/src/topic.ts',
  ({ program }, report) => {
    const check = (text: string, start: number) => {
      if (/^(events|actions|dead)\/./.test(text)) report(start, 'a topic: topic.ts writes them');
    };
    visit(program, {
      Literal: ({ value, start }) => typeof value === 'string' && check(value, start),
      TemplateElement: ({ value, start }) => check(`${value.raw}%`, start),
    });
  },
);
