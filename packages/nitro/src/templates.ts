/** Django-style templates: text with places for values and elements. */
import { type Element, N2OError, type Renderer, reason } from '@n2o/shared';
import { Liquid } from 'liquidjs';
import { escapeHtml } from './text/html.ts';

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

/** Makes templates of which nothing but text is read, through `read`. */
export function createTemplates({ read, kept = 256 }: TemplateOptions): Templates {
  const textOf = (name: string): string => {
    const text = read(name);
    if (text === undefined) throw new N2OError('N2O_PAGE_TEMPLATE', `there is no "${name}"`);
    return text;
  };
  const engine = createEngine(textOf, kept);
  return {
    dtl: (options) => ({
      render(renderer) {
        const values = bound(options.bindings ?? {}, renderer) as object;
        try {
          const text = 'text' in options;
          const parsed = text ? engine.parse(options.text) : engine.parseFileSync(options.file);
          return String(engine.renderSync(parsed, values));
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
  engine.registerFilter('safe', { raw: true, handler: (text: unknown) => text });
  return engine;
}

/** An element among the bindings: rendered where the template shows it, and as often. */
class Shown {
  readonly #show: () => string;

  constructor(show: () => string) {
    this.#show = show;
  }

  toString(): string {
    return this.#show();
  }
}

/** Bindings with their elements ready to be shown. */
function bound(value: unknown, renderer: Renderer): unknown {
  if (Array.isArray(value)) return value.map((one) => bound(one, renderer));
  if (typeof value !== 'object' || value === null) return value;
  if (isElement(value)) return new Shown(() => value.render(renderer));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, bound(one, renderer)]),
  );
}

function isElement(value: object): value is Element {
  return 'render' in value && typeof value.render === 'function';
}

function printed(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(printed).join('');
  return value instanceof Shown ? value.toString() : escapeHtml(String(value));
}
