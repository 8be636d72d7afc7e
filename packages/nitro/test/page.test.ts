/** A page collects what it is asked, in order, and says it in either form. */
import { type Instruction, N2OError, type Page, type Postback } from '@n2o/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import * as nitro from '../src/index.ts';

const { button, createPage, panel, span, tr } = nitro;

let page: Page;
let pickled: Postback[];

beforeEach(() => {
  pickled = [];
  page = createPage({
    module: 'chat',
    pickle: (postback) => `pickle${pickled.push(postback)}`,
  });
});

const instructions = () => page.flush('instructions') as readonly Instruction[];
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof N2OError ? error.code : error;
  }
  return undefined;
};

describe('in order', () => {
  it('does what it was asked in the order in which it was asked', () => {
    page.remove('a');
    page.update('b', 'text');
    page.alert('c');
    expect(instructions()).toEqual([
      ['remove', 'a'],
      ['update', 'b', 'text'],
      ['alert', 'c'],
    ]);
  });

  it('wires what a content needs right after it is there', () => {
    page.insertBottom('box', button({ id: 'go', postback: 'went', source: ['name'] }));
    page.focus('go');
    expect(instructions()).toEqual([
      ['bottom', 'box', '<button id="go" type="button"></button>'],
      ['on', 'go', 'click', { pickle: 'pickle1', source: ['name'] }],
      ['focus', 'go'],
    ]);
    expect(pickled).toEqual([{ module: 'chat', message: 'went', trigger: 'go', name: 'event' }]);
  });

  it('is empty before it is asked and after it was flushed', () => {
    expect(page.isEmpty).toBe(true);
    page.html(button({ postback: 1 }));
    expect(page.isEmpty).toBe(false);
    page.flush('script');
    expect(page.isEmpty).toBe(true);
    expect(page.flush('script')).toBe('');
    expect(page.flush('instructions')).toEqual([]);
  });

  it('does what actions wire that are values, each after its own', () => {
    page.wire(nitro.replace({ target: 'a', elements: button({ id: 'b', postback: 1 }) }));
    page.wire(nitro.multi({ actions: [nitro.hide('a'), nitro.show('b')] }));
    expect(instructions().map(([kind]) => kind)).toEqual(['update', 'on', 'style', 'style']);
  });
});

describe('ids', () => {
  it('makes one where a postback needs it, each another', () => {
    expect(page.html([button({ postback: 1 }), button({ postback: 2 }), button({})])).toBe(
      '<button id="auto1" type="button"></button><button id="auto2" type="button"></button><button type="button"></button>',
    );
  });

  it('takes them from where it is told', () => {
    const other = createPage({ module: 'm', pickle: () => '', newId: () => 'mine' });
    expect(other.html(tr({}))).toBe('<tr id="mine" style=""></tr>');
  });
});

describe('values of an event', () => {
  it('knows those that the event brought', () => {
    page.bring(new Map([['name', 'Ada']]));
    expect(page.q('name')).toBe('Ada');
    expect(page.q('other')).toBeUndefined();
  });
});

describe('several nodes at once', () => {
  it('inserts all of them where N2O would take the first', () => {
    page.insertTop('box', [span({ body: 'a' }), 'b']);
    expect(page.flush('script')).toBe(
      "qi('box').insertAdjacentHTML('afterbegin', `<span>a</span>b`);",
    );
  });
});

describe('code', () => {
  it('runs a function with its arguments as JSON', () => {
    page.wire((name: string, count: number) => [name, count], '</script>\u2028', 2);
    const code = page.flush('script') as string;
    expect(code).not.toMatch(/<|\u2028/);
    // biome-ignore lint/security/noGlobalEval: what a browser would do with it
    expect(eval(code)).toEqual(['</script>\u2028', 2]);
  });

  it('is an instruction of its own, which a runtime may refuse', () => {
    page.wire('say(1);');
    expect(instructions()).toEqual([['script', 'say(1);']]);
  });

  it('calls what the page has registered, in both forms', () => {
    page.call('room.join', { name: 'a' });
    expect(page.flush('script')).toBe('room.join({"name":"a"});');
    page.call('room.join', { name: 'a' });
    expect(instructions()).toEqual([['call', 'room.join', { name: 'a' }]]);
  });

  it.each([
    ['a method', () => page.wire({ method() {} }.method)],
    ['a function of the system', () => page.wire(Math.max as never)],
    ['a name that is code', () => page.call('alert(1);f')],
    ['a style that is code', () => nitro.setStyle('a', "x='';f", '')],
    ['a tag that is more', () => panel({ htmlTag: 'p onclick=f' })],
    ['an api that is code', () => nitro.api({ name: 'a;b' })],
  ])('refuses %s', (_what, work) => {
    expect(codeOf(work)).toBe('N2O_PAGE_NAME');
    expect(page.isEmpty).toBe(true);
  });

  it('refuses arguments that JSON cannot write', () => {
    expect(codeOf(() => page.wire((n: bigint) => n, 1n))).toBe('N2O_FORMAT_ENCODE');
    expect(codeOf(() => page.call('f', () => 1))).toBe('N2O_FORMAT_ENCODE');
  });

  it.each([
    ['a validation', () => page.html(nitro.textbox({ id: 'a', validation: 'e.detail' }))],
    ['a source', () => page.html(button({ postback: 1, source: [['a', 'f()']] }))],
  ])('has no form as instruction for %s that is code', (_what, work) => {
    work();
    expect(codeOf(instructions)).toBe('N2O_PAGE_SCRIPT');
  });
});
