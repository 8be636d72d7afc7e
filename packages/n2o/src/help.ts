/** What the command says about itself. */
import { catalogue, valueText } from './catalogue.ts';
import { COMMANDS, type Command } from './commands.ts';

type Row = readonly [left: string, ...right: string[]];

/** All commands. */
export function overview(): string {
  const rows = Object.entries(COMMANDS).map(
    ([name, { operands, summary }]): Row => [`${name} ${operands}`, summary],
  );
  rows.push(['help [COMMAND]', 'Tell what a command does and takes.']);
  return `Usage: n2o COMMAND [OPTION…]

${table(rows)}

n2o --version tells which version this is.
`;
}

/** One command with its options. */
export function commandHelp(name: string, command: Command): string {
  const { summary, operands, notes = [], options, defaults = {} } = command;
  const entries = catalogue().filter((entry) => options.includes(entry.name));
  const rows = entries.map(
    ({ name, flag, description, expects, byDefault }): Row => [
      flag,
      description,
      `${expects}; default: ${name in defaults ? valueText(name, defaults[name]) : byDefault}`,
    ],
  );
  if (rows.length > 0) rows.push(['--config FILE', 'Read the options from this file.']);
  const about = [summary, ...notes].join('\n');
  return `Usage: n2o ${name} ${operands}${rows.length > 0 ? ' [OPTION…]' : ''}\n\n${about}\n${
    rows.length > 0 ? `\n${table(rows)}\n` : ''
  }`;
}

/** Two columns; the right one may have several lines. */
function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows
    .flatMap(([left, ...right]) =>
      right.map((line, i) => `  ${(i === 0 ? left : '').padEnd(width)}  ${line}`),
    )
    .join('\n');
}
