/** What the documentation says of links, commands and options is so. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ERRORS } from '@n2o/shared';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const KNOWN = new Set(
  'apt-get brew cd curl docker git kill mosquitto mosquitto_pub mosquitto_rr mosquitto_sub n2o node npm npx sudo'.split(
    ' ',
  ),
);

const EVERY_FILE = filesBelow('.');
/** Source files, also without the `src` in their paths: pages may leave it out. */
const FILES = EVERY_FILE.flatMap((file) => [file, file.replace('/src/', '/')]);
const PAGES = EVERY_FILE.filter((file) => file.endsWith('.md'));

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  it('links to what is there', () => {
    const dead = linksOf(text).filter((link) => !resolves(page, link));
    expect(dead).toEqual([]);
  });

  it('shows commands that a reader has', () => {
    expect(commandsOf(text).filter((command) => !KNOWN.has(command))).toEqual([]);
  });

  it('names files that are there', () => {
    const named = [...text.matchAll(/`([\w@./-]+\/[\w.-]+\.(?:ts|mjs))`/g)].map(([, name]) => name);
    expect(named.filter((name) => !FILES.some((file) => `/${file}`.endsWith(`/${name}`)))).toEqual(
      [],
    );
  });

  it('names npm scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name as string);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('does not know where this checkout lies', () => {
    const here = [ROOT, homedir()].filter((folder) => folder.length > 1);
    expect(here.filter((folder) => text.includes(`${folder}/`))).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  const page = join(ROOT, 'docs/configuration.md');
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const variable = (name: string) => `N2O_${kebab(name).replaceAll('-', '_').toUpperCase()}`;
  /** As the command itself lists them: name, value, source. */
  const options = (): string[] =>
    execFileSync(process.execPath, [join(ROOT, 'packages/n2o/dist/bin.js'), 'config', 'print'], {
      encoding: 'utf8',
      cwd: tmpdir(),
    })
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0] as string);

  it('has every option', () => {
    const text = readFileSync(page, 'utf8');
    expect(options().filter((name) => !text.includes(`--${kebab(name)}`))).toEqual([]);
  });

  it('has no option that is not there', () => {
    const text = readFileSync(page, 'utf8');
    const flags = new Set([...options().map(kebab), 'config', 'help', 'version']);
    const variables = new Set([...options().map(variable), 'N2O_CONFIG', ...Object.keys(ERRORS)]);
    const named = (pattern: RegExp) =>
      [...text.matchAll(pattern)].map(([, name]) => name as string);
    expect(named(/(?<![\w-])--([a-z][a-z-]*)/g).filter((flag) => !flags.has(flag))).toEqual([]);
    expect(named(/\b(N2O_[A-Z_]+)\b/g).filter((name) => !variables.has(name))).toEqual([]);
  });
});

describe('the reading of a page', () => {
  it('finds links, but none in code', () => {
    const text = 'See [a](docs/a.md#b) and [c](https://n2o.dev).\n```\n[d](e.md)\n```\n`[f](g.md)`';
    expect(linksOf(text)).toEqual(['docs/a.md#b']);
  });

  it('sees a link that leads nowhere, and an anchor that is not there', () => {
    expect(resolves('README.md', 'docs/no-such-page.md')).toBe(false);
    expect(resolves('README.md', 'docs/errors.md#no-such-heading')).toBe(false);
    expect(resolves('docs/errors.md', '../package.json')).toBe(true);
    expect(resolves('docs/performance.md', 'errors.md#errors')).toBe(true);
  });

  it('finds the commands of shell blocks, without comments, variables and what follows on', () => {
    const text =
      '```sh\n# first\nPORT=1 n2o start \\\n  examples\ncd a && npm test\n```\n```ts\nfoo();\n```';
    expect(commandsOf(text)).toEqual(['n2o', 'cd', 'npm']);
  });
});

/** Files of the repository, as paths from the root, without what is generated or installed. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    return /^(node_modules|dist|\..*)$/.test(entry.name) ? [] : filesBelow(path);
  });
}

/** The targets of a page's links to files of this repository. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function resolves(page: string, link: string): boolean {
  const [file, anchor] = link.split('#') as [string, string?];
  const path = file === '' ? join(ROOT, page) : join(ROOT, dirname(page), file);
  if (relative(ROOT, path).startsWith('..') || !existsSync(path)) return false;
  if (!anchor) return true;
  return statSync(path).isFile() && anchorsOf(readFileSync(path, 'utf8')).includes(anchor);
}

/** The anchors that a page's headings have where it is read. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** The programs that a page's shell blocks start. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/^```(?:sh|bash|shell|console)\n([\s\S]*?)^```/gm)].flatMap(
    ([, block]) =>
      (block as string)
        .replace(/\\\n\s*/g, ' ')
        .split('\n')
        .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
        .filter((line) => line !== '')
        .flatMap((line) => line.split(/ (?:&&|\|\|?|;) /))
        .map((command) => command.replace(/^(\w+=\S* )+/, '').split(' ')[0] as string),
  );
}
