/** What a user has sent stays text, wherever an element or an action puts it. */
import { N2OError, type Page } from '@n2o/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import * as nitro from '../src/index.ts';

const HOSTILE = `"'><script>alert(1)</script><!--\`\${alert(2)}\\`;

let page: Page;

beforeEach(() => {
  page = nitro.createPage({ module: 'm', pickle: () => 'PICKLE', newId: () => 'id' });
});

type Build = (options: object) => Parameters<Page['html']>[0];

/** Elements whose body is the application's own code, or whose options are not those of the others. */
const OWN_CODE = new Set(['script', 'style', 'iframe']);
const ELEMENTS = Object.entries(nitro).filter(
  ([name, build]) =>
    typeof build === 'function' && isElement(name, build as Build) && !OWN_CODE.has(name),
) as [string, Build][];

function isElement(name: string, build: Build): boolean {
  if (
    /^(createPage|countIds|custom|escape|hte|jse|url[A-Z]|call|run|wire|set|show|hide)/.test(name)
  )
    return false;
  try {
    return 'render' in (build({ id: 'a', actions: undefined }) as object);
  } catch {
    return false;
  }
}

/** The attributes and text of HTML, as far as hostile text could have broken out. */
function broken(text: string): boolean {
  const tags = text.replace(/<[\w-]+(?: [\w:-]+(?:="[^"]*")?)*\/?>|<\/[\w-]+>/g, '');
  return /[<>]/.test(tags) || text.includes('<script>alert');
}

describe('every element', () => {
  it('is looked at', () => {
    expect(ELEMENTS.length).toBeGreaterThan(120);
  });

  it.each(ELEMENTS)('%s escapes its body', (_name, build) => {
    expect(
      broken(page.html(build({ id: 'a', body: HOSTILE, value: HOSTILE, cells: HOSTILE }))),
    ).toBe(false);
  });

  it.each(ELEMENTS)('%s escapes its attributes', (_name, build) => {
    const names =
      'id class style title role tabindex lang dir accesskey contextmenu dropzone translate bind name value href url src alt placeholder type label for form target rel media list pattern min max step caption legend header footer subtitle group feed delegate listId';
    const options = Object.fromEntries(names.split(' ').map((name) => [name, HOSTILE]));
    expect(broken(page.html(build(options)))).toBe(false);
    const fields = { 'data-x': HOSTILE };
    expect(broken(page.html(build({ dataFields: fields, ariaStates: fields })))).toBe(false);
  });
});

describe('names of attributes', () => {
  it.each(['x onclick', 'a"b', 'a=b', '', '>', 'a/b', 'on\nclick'])('%j is refused', (name) => {
    const shown = () => page.html(nitro.panel({ dataFields: { [name]: 1 } }));
    expect(shown).toThrow(N2OError);
  });
});

describe('addresses', () => {
  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'vbscript:x',
  ])('%j leads nowhere', (address) => {
    expect(page.html(nitro.link({ href: address }))).toBe('<a href="about:blank"></a>');
    expect(page.html(nitro.iframe({ src: address }))).toBe('<iframe src="about:blank"></iframe>');
    expect(page.html(nitro.panel({ dataFields: { HREF: address } }))).toContain('about:blank');
  });

  it.each([
    ['redirect', (to: string) => nitro.redirect(to)],
    ['setAttribute', (to: string) => nitro.setAttribute('a', 'HREF', to)],
    ['jq', (to: string) => nitro.jq({ target: 'a', property: 'href', right: to })],
  ])('lead nowhere in %s either', (_name, act) => {
    const address = ' java\tscript:alert(1)';
    for (const runtime of ['script', 'instructions'] as const) {
      page.wire(act(address));
      const told = JSON.stringify(page.flush(runtime));
      expect(told).toContain('about:blank');
      expect(told).not.toContain('script:');
    }
    page.wire(act('/a?b=javascript:'));
    expect(page.flush('script')).toContain("'/a?b=javascript:'");
  });

  it('stay as they are otherwise', () => {
    expect(page.html(nitro.link({ url: '/a?b=javascript:&c' }))).toBe(
      '<a href="/a?b=javascript:&amp;c"></a>',
    );
    expect(page.html(nitro.link({}))).toBe('<a href="javascript:void(0);"></a>');
  });
});

describe('script', () => {
  it('keeps hostile text inside its strings, and inside of a script element', () => {
    page.update(HOSTILE, HOSTILE);
    page.fill(HOSTILE, nitro.html('</script><!-- `'));
    page.insertTop(HOSTILE, nitro.panel({ body: HOSTILE }));
    page.remove(HOSTILE);
    page.alert(HOSTILE);
    page.redirect(HOSTILE);
    page.confirm(HOSTILE, 1);
    page.focus(HOSTILE);
    page.wire(nitro.setStyle('a', 'color', HOSTILE));
    page.wire(nitro.setAttribute(HOSTILE, HOSTILE, HOSTILE));
    page.wire(nitro.event({ target: HOSTILE, type: HOSTILE, postback: 1, source: [HOSTILE] }));
    page.html(nitro.textbox({ id: HOSTILE, validation: 'true' }));
    const code = page.flush('script') as string;
    expect(code).not.toMatch(/<\/script|<!--|[\u2028\u2029]/i);
    const seen: unknown[] = [];
    const element = {
      parentNode: { removeChild() {} },
      insertBefore() {},
      style: {},
      setAttribute() {},
      addEventListener() {},
    };
    const names = ['qi', 'qn', 'alert', 'confirm', 'window', 'ws', 'console'];
    const window = { setTimeout() {} };
    const run = Function(...names, code);
    run(
      (id: string) => {
        seen.push(id);
        return element;
      },
      () => ({ firstChild: null }),
      (text: string) => seen.push(text),
      () => false,
      window,
      {},
      console,
    );
    expect(new Set(seen)).toEqual(new Set([HOSTILE, 'a']));
    expect(window).toHaveProperty('location', HOSTILE);
  });
});

describe('raw HTML', () => {
  it('is shown as it is where it is marked', () => {
    expect(page.html([nitro.html('<b>'), '<b>'])).toBe('<b>&lt;b&gt;');
  });

  it('keeps code and style sheets inside their elements', () => {
    expect(page.html(nitro.script({ body: 'f("</script>")' }))).toBe(
      '<script>f("<\\/script>")</script>',
    );
    expect(page.html(nitro.style({ body: '</style>' }))).toBe('<style><\\/style></style>');
  });
});
