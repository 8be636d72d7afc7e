/** Django-style templates: text with places for values and elements. */
import { type Element, N2OError, reason } from '@n2o/shared';
import { Liquid, type Template } from 'liquidjs';
import { bound, printed } from './templates/bound.ts';
import { type Plain, plainOf, showPlain } from './templates/plain.ts';

export interface TemplateOptions {
  /** Reads a template by the name that `dtl`, `include` and `layout` use; `undefined` where there is none. */
  readonly read: (name: string) => string | undefined;
  /** Templates that are kept parsed, by default 256; 0 parses them each time, so that changes are seen. */
  readonly kept?: number;
}

export interface Templates {
  /**
   * A template as an element. Bindings are escaped; elements among them are shown as they are.
   * @throws N2O_PAGE_TEMPLATE when it is shown, if it is not there or not well formed
   */
  dtl(
    options: ({ readonly file: string } | { readonly text: string }) & {
      readonly bindings?: Readonly<Record<string, unknown>>;
    },
  ): Element;
}

/** A template as the engine reads it, and in short where it is of the simplest kind. */
interface Parsed {
  readonly parsed: Template[];
  readonly plain: Plain | undefined;
}

function parsedOf(parsed: Template[]): Parsed {
  return { parsed, plain: plainOf(parsed) };
}

/** Makes templates of which nothing but text is read, through `read`. */
export function createTemplates({ read, kept = 256 }: TemplateOptions): Templates {
  const textOf = (name: string): string => {
    const text = read(name);
    if (text === undefined) throw new N2OError('N2O_PAGE_TEMPLATE', `there is no "${name}"`);
    return text;
  };
  const engine = createEngine(textOf, kept);
  /** Those that were asked for by their names. */
  const files = new Map<string, Parsed>();
  const fileOf = (name: string): Parsed => {
    const known = files.get(name);
    if (known !== undefined) return known;
    const file = parsedOf(engine.parseFileSync(name));
    if (files.size >= kept) files.clear();
    if (kept > 0) files.set(name, file);
    return file;
  };
  return {
    dtl: (options) => ({
      render(renderer) {
        const { bindings = {} } = options;
        try {
          const { parsed, plain } =
            'text' in options ? parsedOf(engine.parse(options.text)) : fileOf(options.file);
          const shown = plain && showPlain(plain, bindings, renderer);
          if (shown !== undefined) return shown;
          return String(engine.renderSync(parsed, bound(bindings, renderer) as object));
        } catch (cause) {
          throw new N2OError('N2O_PAGE_TEMPLATE', reason(cause), { cause });
        }
      },
    }),
  };
}

function createEngine(textOf: (name: string) => string, kept: number): Liquid {
  const engine = new Liquid({
    cache: kept > 0 && kept,
    // No template reaches into what JavaScript's objects have by themselves.
    ownPropertyOnly: true,
    relativeReference: false,
    outputEscape: printed,
    fs: {
      exists: async () => true,
      existsSync: () => true,
      readFile: async (name) => textOf(name),
      readFileSync: textOf,
      resolve: (_folder, name) => name,
    },
  });
  // Django's names for what the engine has under others.
  const layout = engine.tags.layout;
  if (layout !== undefined) engine.registerTag('extends', layout);
  engine.registerFilter('upper', (text: unknown) => String(text).toUpperCase());
  engine.registerFilter('lower', (text: unknown) => String(text).toLowerCase());
  // What is bound is escaped anyway, and not twice.
  engine.registerFilter('escape', { raw: true, handler: printed });
  engine.registerFilter('safe', { raw: true, handler: (text: unknown) => text });
  return engine;
}
