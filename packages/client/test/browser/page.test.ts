import { atom, binary, ErrorFrame, Io, readFtp, Tuple, textOf, tuple, writeFtp } from '@n2o/shared';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../../../../test/support/browser.ts';
import type {} from '../../src/browser/page-client.ts';
import { isInit, type PageServer, type PageServerOptions, startPageServer } from './page-server.ts';

let browser: Browser;
let server: PageServer;
let page: Page;
/** What the browser complained of: nothing, unless a test expects it. */
let complaints: string[];
let warnings: string[];

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  await server.close();
});

async function open(options: PageServerOptions = {}, query = ''): Promise<void> {
  server = await startPageServer(options);
  page = await browser.newPage();
  complaints = [];
  warnings = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
    if (message.type() === 'warning') warnings.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(server.url + query);
}

/** As a server that asks for blocks of 1,000 bytes. */
function answerFile(value: unknown, blocks: Uint8Array[]): Tuple | undefined {
  const message = readFtp('ftp', value);
  if (!message) return undefined;
  const { status, size, data, options } = message;
  if (status === 'send') blocks.push(data);
  const offset = blocks.reduce((sum, { length }) => sum + length, 0);
  const isOver = offset === size;
  const block = isOver ? 0 : 1_000;
  return writeFtp('ftpack', { ...message, offset, block, data: new Uint8Array(), options });
}

const state = (wanted: string) => page.waitForSelector(`html[data-n2o-state=${wanted}]`);
const pickled = (items: readonly unknown[]) => ({
  target: textOf(items[1] as Uint8Array),
  pickle: textOf(items[2] as Uint8Array),
  linked: (items[3] as readonly Tuple[]).map(({ items: [name, value] }) => [
    textOf(name as Uint8Array),
    value instanceof Uint8Array ? textOf(value) : value,
  ]),
});
async function hearsPostback(index = 0) {
  const isPostback = ({ value }: { value: unknown }) =>
    value instanceof Tuple && value.items[0] === atom('pickle');
  await server.hears((one) => isPostback(one) && server.heard.filter(isPostback).length > index);
  const postback = server.heard.filter(isPostback)[index]?.value as Tuple;
  return pickled(postback.items);
}
/** Errors that the page tells of, from now on. */
const errorsOf = () =>
  page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    document.addEventListener('n2o-error', (event) =>
      seen.push((event as CustomEvent<{ code: string }>).detail.code),
    );
  });
const seen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen);

describe('a page whose session goes on under another token', () => {
  const renewed = (token: string) => new Io(binary(''), tuple(atom('Auth'), binary(token)));
  const texts = () => page.$$eval('#list li', (items) => items.map((item) => item.textContent));

  it('asks for the cookie, and does what it is told when that is there, in order', async () => {
    let release = () => {};
    const move = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    const attributes = 'data-token="the-token"';
    await open({ attributes, body: '<ul id="list"></ul>', move, answer: () => 'pong' });
    await state('online');
    server.say(renewed('next'));
    server.tell(['bottom', 'list', '<li>1</li>']);
    server.tell(['bottom', 'list', '<li>2</li>']);
    // What it is answered does not wait, and a token is no answer.
    expect(await page.evaluate(() => window.n2o.call('chat', 'ping'))).toBe('pong');
    expect(await page.evaluate(() => window.n2o.token)).toBe('next');
    expect(server.moved).toEqual(['/n2o/session/chat next']);
    expect(await texts()).toEqual([]);
    release();
    await page.waitForSelector('li >> text=2');
    server.tell(['bottom', 'list', '<li>3</li>']);
    await page.waitForSelector('li >> text=3');
    expect(await texts()).toEqual(['1', '2', '3']);
  });

  it('goes on where nobody gives it one', async () => {
    await open({ attributes: 'data-token="the-token"', body: '<ul id="list"></ul>' });
    await state('online');
    await page.route('**/n2o/session/*', (route) => route.abort());
    server.say(renewed('next'));
    server.tell(['bottom', 'list', '<li>1</li>']);
    await page.waitForSelector('li >> text=1');
    expect(server.moved).toEqual([]);
  });

  it('takes no token for the answer to what it asks', async () => {
    await open({ attributes: 'data-token="the-token"', answer: () => undefined });
    await state('online');
    const answer = page.evaluate(() => window.n2o.call('chat', 'ping'));
    await server.hears(({ value }) => value === 'ping');
    server.say(renewed('next'));
    server.say('pong', 'text');
    expect(await answer).toBe('pong');
  });
});

describe('a page that has outlived its session', () => {
  const outlived = () => new ErrorFrame('N2O_EVENT_SESSION', 'of another session');
  const options: PageServerOptions = {
    body: '<button id="send">Send</button>',
    actions: [['on', 'send', 'click', { pickle: 'P', source: [] }]],
    answer: outlived,
  };
  const begins = (connection: number) =>
    server.hears((heard) => isInit(heard) && heard.connection === connection);

  it('is loaded anew, and not once more when that was of no use', async () => {
    await open({ ...options, attributes: 'data-token="shown"' });
    await state('online');
    await page.click('#send');
    await begins(2);
    await state('online');
    await errorsOf();
    await page.click('#send');
    await page.waitForFunction(() => (window as unknown as { seen: string[] }).seen.length > 0);
    expect(await seen()).toEqual(['N2O_EVENT_SESSION']);
    await page.reload();
    await begins(3);
  });

  it('is not loaded anew where nothing may be stored: that could go on for ever', async () => {
    await open(options);
    await state('online');
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await errorsOf();
    await page.click('#send');
    await page.waitForFunction(() => (window as unknown as { seen: string[] }).seen.length > 0);
    expect(server.heard.filter(isInit)).toHaveLength(1);
  });
});

describe('a page that begins', () => {
  it('shows its token, is told what to do, and keeps the token that it is given', async () => {
    await open({
      attributes: 'data-token="shown"',
      body: '<ul id="list"></ul>',
      init: () => [['bottom', 'list', '<li>Welcome</li>']],
    });
    await state('online');
    expect(server.heard[0]?.value).toBe('N2O,shown,instructions');
    expect(await page.textContent('#list')).toBe('Welcome');
    expect(await page.evaluate(() => window.n2o.token)).toBe('the-token');
    expect(await page.evaluate(() => sessionStorage.getItem('n2o-token-chat'))).toBe('the-token');
    expect(complaints).toEqual([]);
  });

  it('says the query of its address, whatever is in it, and none that is too long to be kept', async () => {
    await open({}, '?room=blue,red&name=%C3%BC');
    await state('online');
    expect(server.heard[0]?.value).toBe('N2O,,instructions,room=blue,red&name=%C3%BC');
    await page.goto(`${server.url}?${'x'.repeat(2_049)}`);
    const again = await server.hears(({ connection }) => connection === 2);
    expect(again.value).toBe('N2O,the-token,instructions');
  });

  it('says it in JSON too', async () => {
    await open({ attributes: 'data-format="json"' }, '?room=blue');
    await state('online');
    const { value } = await server.hears(isInit);
    const [, ...said] = (value as Tuple).items;
    const texts = said.map((item) => textOf(item as Uint8Array));
    expect(texts).toEqual(['', 'instructions', 'room=blue']);
  });

  it('speaks JSON where it is told to, from its first word', async () => {
    await open({ attributes: 'data-format="json"', init: () => [['alert', 'never shown']] });
    page.on('dialog', (dialog) => dialog.accept());
    await state('online');
    expect(server.heard[0]?.format).toBe('json');
    expect(server.heard[0] && isInit(server.heard[0])).toBe(true);
  });

  it('follows what main has wired before it is connected', async () => {
    await open({
      body: '<p id="p">one</p>',
      actions: [['fill', 'p', '<b>two</b></script>']],
    });
    expect(await page.innerHTML('#p')).toBe('<b>two</b>');
  });
});

describe('a page that is told', () => {
  const body = `<div id="box"><p id="p">p</p></div><table><tbody id="rows"><tr><td>0</td></tr></tbody></table>
    <svg id="svg"></svg><input id="field" value="abc"><a id="a" href="/">a</a>`;

  it.each([
    [[['update', 'p', '<i id="p">new</i>']], '#box', '<i id="p">new</i>'],
    [[['fill', 'p', '<b>x</b>']], '#box', '<p id="p"><b>x</b></p>'],
    [[['top', 'box', '<b></b>']], '#box', '<b></b><p id="p">p</p>'],
    [[['bottom', 'box', 'text']], '#box', '<p id="p">p</p>text'],
    [[['before', 'p', '<b></b><i></i>']], '#box', '<b></b><i></i><p id="p">p</p>'],
    [[['after', 'p', '<b></b>']], '#box', '<p id="p">p</p><b></b>'],
    [[['remove', 'p']], '#box', ''],
    [[['remove', 'not-there']], '#box', '<p id="p">p</p>'],
    [
      [['bottom', 'rows', '<tr><td>1</td></tr>']],
      '#rows',
      '<tr><td>0</td></tr><tr><td>1</td></tr>',
    ],
    [[['attribute', 'p', 'title', 't']], '#box', '<p id="p" title="t">p</p>'],
    [[['class', 'p', 'c', true]], '#box', '<p id="p" class="c">p</p>'],
    [[['style', 'p', 'fontSize', '20px']], '#box', '<p id="p" style="font-size: 20px;">p</p>'],
    [[['set', 'p', 'hidden', true]], '#box', '<p id="p" hidden="">p</p>'],
  ] as const)('%j does so', async (instructions, selector, html) => {
    await open({ body, init: () => [...instructions] });
    await state('online');
    expect(await page.innerHTML(selector)).toBe(html);
    expect(complaints).toEqual([]);
  });

  it('draws in SVG', async () => {
    await open({ body, init: () => [['bottom', 'svg', '<circle id="c" r="1"/>']] });
    await state('online');
    expect(await page.evaluate(() => document.getElementById('c') instanceof SVGElement)).toBe(
      true,
    );
  });

  it('calls registered functions, and knows no others', async () => {
    await open();
    await state('online');
    await errorsOf();
    await page.evaluate(() => {
      window.n2o.register('draw', (...given: readonly unknown[]) =>
        document.body.setAttribute('title', JSON.stringify(given)),
      );
    });
    server.tell(['call', 'other'], ['call', 'draw', [1, 2], { x: 'y' }]);
    await page.waitForSelector('body[title]', { state: 'attached' });
    expect(await page.getAttribute('body', 'title')).toBe('[[1,2],{"x":"y"}]');
    expect(await seen()).toEqual(['N2O_PAGE_INSTRUCTION']);
    expect(warnings).toEqual(['N2O_PAGE_INSTRUCTION: no function "other" is registered']);
  });

  it('runs no code, however it comes, and goes on with what follows', async () => {
    await open({ body });
    await state('online');
    await errorsOf();
    server.tell(
      ['script', 'window.hacked = 1'],
      ['fill', 'box', '<script>window.hacked = 2</script><img src=x onerror="window.hacked = 3">'],
      ['attribute', 'a', 'href', 'javascript:window.hacked=4'],
      ['attribute', 'a', 'onclick', 'window.hacked=5'],
      ['set', 'a', 'onclick', 'window.hacked=6'],
      ['redirect', 'javascript:window.hacked=7'],
      ['fill', 'not-there', ''],
      ['set', 'field', 'value', 'done'],
    );
    await page.waitForFunction(
      () => (document.getElementById('field') as HTMLInputElement).value === 'done',
    );
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await seen()).toEqual([
      'N2O_PAGE_SCRIPT',
      ...Array.from({ length: 5 }, () => 'N2O_PAGE_INSTRUCTION'),
    ]);
  });

  it('does nothing of what is not well formed', async () => {
    await open({ body });
    await state('online');
    await errorsOf();
    server.tell(['remove', 'p'], ['explode', 'p'] as never);
    server.say(new Io(binary('no list'), binary('')));
    server.tell(['set', 'field', 'value', 'done']);
    await page.waitForFunction(
      () => (document.getElementById('field') as HTMLInputElement).value === 'done',
    );
    expect(await page.innerHTML('#box')).toBe('<p id="p">p</p>');
    expect(await seen()).toEqual(['N2O_FORMAT_DECODE', 'N2O_FORMAT_DECODE']);
  });

  it('keeps the focus in an element that is replaced by one with its id', async () => {
    await open({ body });
    await state('online');
    await page.focus('#field');
    server.tell(['update', 'field', '<input id="field" value="abcdef">']);
    await page.waitForSelector('#field[value=abcdef]');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('field');
  });

  it('keeps the cursor where it was, in a textarea too', async () => {
    await open({ body: '<textarea id="area">abc</textarea>' });
    await state('online');
    await page.focus('#area');
    await page.evaluate(() =>
      (document.getElementById('area') as HTMLTextAreaElement).setSelectionRange(1, 2),
    );
    server.tell(['update', 'area', '<textarea id="area" class="new">abcdef</textarea>']);
    await page.waitForSelector('#area.new');
    const selection = await page.evaluate(() => {
      const area = document.activeElement as HTMLTextAreaElement;
      return [area.id, area.selectionStart, area.selectionEnd];
    });
    expect(selection).toEqual(['area', 1, 2]);
  });

  it('shows any text, also one that begins as an address of code does', async () => {
    await open({ body });
    await state('online');
    await errorsOf();
    const text = 'JavaScript: The Good Parts';
    const names = ['title', 'alt', 'placeholder', 'value', 'aria-label', 'data-name'];
    server.tell(...names.map((name) => ['attribute', 'field', name, text] as const));
    await page.waitForSelector('#field[data-name]');
    const shown = await page.evaluate(
      (all) => all.map((name) => document.getElementById('field')?.getAttribute(name)),
      names,
    );
    expect(shown).toEqual(names.map(() => text));
    expect(await seen()).toEqual([]);
  });

  it('goes where it is told', async () => {
    await open();
    await state('online');
    const gone = page.waitForURL('**/elsewhere');
    server.tell(['redirect', '/elsewhere']);
    await gone;
  });
});

describe('an event of an element', () => {
  const sources = [
    '<input id="text" value="ü">',
    '<input id="check" type="checkbox" checked>',
    '<input name="radio" type="radio" value="a"><input name="radio" type="radio" value="b" checked>',
    '<select id="one"><option>x</option><option selected>y</option></select>',
    '<select id="many" multiple><option selected>x</option><option selected>y</option></select>',
    '<input id="date" type="date" value="2026-03-09">',
    '<input id="file" type="file">',
    '<textarea id="area">a\nb</textarea>',
    '<div id="edit" contenteditable="true"><b>e</b></div>',
  ].join('');
  const source = ['text', 'check', 'radio', 'one', 'many', 'date', 'file', 'area', 'edit', 'none'];
  const body = `<form id="form"><button id="send">Send</button></form>${sources}`;

  it('brings the values of its sources, each as what it is', async () => {
    await open({ body, actions: [['on', 'send', 'click', { pickle: 'PICKLE', source }]] });
    await state('online');
    await page.click('#send');
    expect(await hearsPostback()).toEqual({
      target: 'send',
      pickle: 'PICKLE',
      linked: [
        ['text', 'ü'],
        ['check', true],
        ['radio', 'b'],
        ['one', 'y'],
        ['many', [binary('x'), binary('y')]],
        ['date', tuple(2026, 3, 9)],
        ['file', ''],
        ['area', 'a\nb'],
        ['edit', '<b>e</b>'],
        ['none', ''],
      ],
    });
    expect(new URL(page.url()).search).toBe('');
  });

  it('that its module could not handle is told as an error', async () => {
    const outlived = new ErrorFrame('N2O_EVENT_SESSION', 'over');
    await open({
      body,
      actions: [['on', 'send', 'click', { pickle: 'P', source: [] }]],
      answer: () => new ErrorFrame('N2O_HANDLER_THREW', 'the handler threw'),
    });
    await state('online');
    await errorsOf();
    await page.click('#send');
    await expect.poll(seen).toEqual(['N2O_HANDLER_THREW']);
    // Who waits is told alone; and what is said of an outlived page is said once.
    expect(await page.evaluate(() => window.n2o.call('chat', 'x').catch(({ code }) => code))).toBe(
      'N2O_HANDLER_THREW',
    );
    await page.evaluate(() => {
      Storage.prototype.getItem = () => {
        throw new Error('forbidden');
      };
    });
    server.say(outlived);
    await expect.poll(seen).toEqual(['N2O_HANDLER_THREW', 'N2O_EVENT_SESSION']);
  });

  it('waits for the connection', async () => {
    await open({ body, actions: [['on', 'send', 'click', { pickle: 'P', source: [] }]] });
    await state('online');
    server.down();
    await state('offline');
    await page.click('#send');
    server.up();
    await hearsPostback();
    expect(server.heard.at(-2)?.value).toBe('N2O,the-token,instructions');
    expect(server.heard.at(-1)?.connection).toBe(2);
  });

  it('is asked about, kept for its key, and sent once when it comes often', async () => {
    await open({
      body,
      actions: [
        ['on', 'send', 'click', { pickle: 'ASKED', source: [], confirm: 'Sure?' }],
        ['on', 'text', 'keydown', { pickle: 'KEY', source: ['text'], key: 'Enter' }],
        ['on', 'area', 'input', { pickle: 'LATE', source: ['area'], delay: 100 }],
      ],
    });
    await state('online');
    const answers = [false, true];
    page.on('dialog', (dialog) => (answers.shift() ? dialog.accept() : dialog.dismiss()));
    await page.click('#send');
    await page.click('#send');
    expect((await hearsPostback(0)).pickle).toBe('ASKED');
    await page.type('#text', 'xy');
    // An input method takes this one, for what is being composed.
    await page.dispatchEvent('#text', 'keydown', { key: 'Enter', isComposing: true });
    await page.press('#text', 'Enter');
    expect(await hearsPostback(1)).toMatchObject({ pickle: 'KEY', linked: [['text', 'xyü']] });
    await page.evaluate(() => {
      document.querySelector<HTMLTextAreaElement>('#area')?.focus();
      for (const letter of 'cde') document.execCommand('insertText', false, letter);
    });
    expect(await hearsPostback(2)).toMatchObject({ pickle: 'LATE', linked: [['area', 'cdea\nb']] });
    expect(server.heard).toHaveLength(4);
  });

  it('is bound anew with an element that is replaced, and not twice to one that stays', async () => {
    const bound = ['on', 'send', 'click', { pickle: 'P', source: [] }] as const;
    await open({ body, actions: [bound], init: () => [bound] });
    await state('online');
    await page.click('#send');
    await hearsPostback(0);
    server.tell(
      ['update', 'send', '<button id="send">Next</button>'],
      ['on', 'send', 'click', { pickle: 'Q', source: [] }],
    );
    await page.click('text=Next');
    expect((await hearsPostback(1)).pickle).toBe('Q');
    expect(server.heard).toHaveLength(3);
  });

  it('lets a page call a function of its module', async () => {
    await open({ actions: [['api', 'join', 'API']] });
    await state('online');
    await page.evaluate(() =>
      (document as unknown as { join(data: unknown): void }).join({ room: 'ü' }),
    );
    const { value } = await server.hears(({ format }) => format === 'bert');
    const [, target, pickle, data] = (value as Tuple).items as readonly Uint8Array[];
    expect([target, pickle, data].map((one) => textOf(one as Uint8Array))).toEqual([
      'document',
      'API',
      '{"room":"ü"}',
    ]);
  });
});

describe('a page that loses its connection', () => {
  it('says so, comes back by itself, and is restored', async () => {
    await open({
      body: '<p id="p"></p>',
      init: (connection) => [['fill', 'p', `connection ${connection}`]],
    });
    await state('online');
    expect(await page.locator('.n2o-badge').count()).toBe(0);
    server.down();
    await page.waitForSelector('.n2o-badge');
    expect(await page.textContent('.n2o-badge')).toContain('Offline');
    server.up();
    await page.waitForSelector('text=connection 2');
    await state('online');
    expect(await page.locator('.n2o-badge').count()).toBe(0);
  });

  it('rejects what may have been done, and sends what was not sent', async () => {
    await open({
      attributes: 'data-badge="off"',
      answer: ({ value }) => (value === 'quick' ? 'reply' : undefined),
    });
    await state('online');
    const lost = page.evaluate(() =>
      window.n2o.call('chat', 'slow').then(
        () => 'answered',
        (error: { code: string }) => error.code,
      ),
    );
    await server.hears(({ value }) => value === 'slow');
    server.down();
    await state('offline');
    const kept = page.evaluate(() => window.n2o.call('chat', 'quick'));
    server.up();
    expect(await lost).toBe('N2O_CLIENT_CONNECT');
    expect(await kept).toBe('reply');
    expect(server.heard.filter(({ value }) => value === 'slow')).toHaveLength(1);
    expect(await page.locator('.n2o-badge').count()).toBe(0);
  });
});

describe('a page', () => {
  it('speaks with its own module only, and about no topics', async () => {
    await open();
    await state('online');
    const codes = await page.evaluate(() => {
      const code = (error: { code: string }) => error.code;
      const { n2o } = window;
      return Promise.all([
        n2o.call('other', 'x').catch(code),
        n2o.subscribe('a/b').catch(code),
        n2o.publish('a/b', 'x').catch(code),
      ]);
    });
    expect(codes).toEqual(Array.from({ length: 3 }, () => 'N2O_CLIENT_TRANSPORT'));
  });

  it('promises to come back no more once it is closed', async () => {
    await open();
    await state('online');
    await page.clock.install();
    await page.evaluate(() => window.n2o.close());
    await state('offline');
    await page.clock.runFor(60_000);
    expect(await page.locator('.n2o-badge').count()).toBe(0);
  });

  it('knows that what it has sent arrived', async () => {
    await open();
    await state('online');
    await page.evaluate(() => Promise.all([1, 2, 3].map((n) => window.n2o.send('chat', `m${n}`))));
    expect(server.heard.slice(1).map(({ value }) => value)).toEqual(['m1', 'm2', 'm3']);
  });

  it('sends the file that was picked, and shows how far it is', async () => {
    const blocks: Uint8Array[] = [];
    await open({
      body: '<input type="file" id="file"><span id="ftp_status"></span><button id="ftp_start">Start</button>',
      actions: [['upload', 'file']],
      answer: ({ value }) => answerFile(value, blocks),
    });
    await state('online');
    await page.setInputFiles('#file', {
      name: 'a.bin',
      mimeType: 'text/plain',
      buffer: Buffer.from(Array.from({ length: 2_500 }, (_, i) => i % 251)),
    });
    expect(await page.textContent('#ftp_status')).toBe('a.bin');
    await page.click('#ftp_start');
    await page.waitForSelector('#ftp_status:text-is("100 %")');
    const sent = Buffer.concat(blocks);
    expect([blocks.length, sent.length, sent[2_499]]).toEqual([3, 2_500, 2_499 % 251]);
    expect(complaints).toEqual([]);
  });

  it("runs script, N2O's way, where it is told to", async () => {
    await open({
      policy: "default-src 'self'; script-src 'self' 'unsafe-inline'",
      attributes: 'data-runtime="script"',
      scripts: '<script type="module" src="/n2o/compat.js"></script>',
      body: '<input id="user" value="joe"><button id="send">Send</button>',
      init: () =>
        "{var x=qi('send'); x && x.addEventListener('click',function (event){ event.preventDefault(); { if (validateSources(['user'],'send')) {  ws.send(enc(tuple(atom('pickle'),bin('send'),bin('PICKLE'),[tuple(tuple(bin('send'),bin('detail')),[]),tuple(atom('user'),querySource('user'))]))); } else console.log('Validation Error'); }});};",
    });
    await state('online');
    expect(server.heard[0]?.value).toBe('N2O,,script');
    await page.click('#send');
    const { value } = await server.hears(({ format }) => format === 'bert');
    const linked = (value as Tuple).items[3] as readonly Tuple[];
    expect(linked[1]).toEqual(tuple(atom('user'), binary('joe')));
    expect(complaints).toEqual([]);
  });
});
