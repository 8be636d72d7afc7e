/** Actions say the same to either runtime: as script to N2O's, as instructions to ours. */
import type { Instruction } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import * as nitro from '../src/index.ts';

const newPage = () =>
  nitro.createPage({ module: 'm', pickle: ({ name }) => name, newId: nitro.countIds('made') });

const instructionsOf = (action: Parameters<ReturnType<typeof newPage>['wire']>[0]) => {
  const page = newPage();
  page.wire(action);
  return page.flush('instructions') as readonly Instruction[];
};

describe('as instructions', () => {
  it.each([
    ['alert', nitro.alert({ text: 'a' }), ['alert', 'a']],
    ['a question', nitro.confirm({ text: 'a', postback: 1 }), ['confirm', 'a', 'event']],
    ['a mere question', nitro.confirm({ text: 'a' }), ['confirm', 'a', null]],
    ['clear', nitro.clear('a'), ['fill', 'a', '']],
    ['show', nitro.show('a'), ['style', 'a', 'display', 'block']],
    ['an attribute', nitro.setAttribute('a', 'data-x', 1), ['attribute', 'a', 'data-x', '1']],
    ['an api', nitro.api({ name: 'join' }), ['api', 'join', 'api_event']],
    [
      'an event',
      nitro.event({ target: 'a', type: 'input', postback: 1, source: ['a'], name: 'typed' }),
      ['on', 'a', 'input', { pickle: 'typed', source: ['a'] }],
    ],
    [
      'a property that is text',
      nitro.jq({ target: 'a', property: 'value', right: '<b>' }),
      ['set', 'a', 'value', '<b>'],
    ],
    [
      'a property that is HTML',
      nitro.jq({ target: 'a', property: 'innerHTML', right: '<b>' }),
      ['fill', 'a', '&lt;b&gt;'],
    ],
    ['a method that is an action', nitro.jq({ target: 'a', method: ['focus'] }), ['focus', 'a']],
    [
      'a method that is none',
      nitro.jq({ target: { qa: '.b' }, method: ['remove'] }),
      ['script', "Array.from(qa('.b')).map(i=>i.remove());"],
    ],
    ['a function', nitro.run(() => 1), ['script', '(() => 1)();']],
    [
      'an insertion',
      nitro.insert({ target: 'a', elements: 'x', position: 'afterend' }),
      ['after', 'a', 'x'],
    ],
  ])('%s', (_what, action, expected) => {
    expect(instructionsOf(action)).toEqual([expected]);
  });

  it('an upload names its input', () => {
    const page = newPage();
    page.html(nitro.upload());
    expect(page.flush('instructions')).toEqual([['upload', 'made1']]);
  });
});

describe('as script', () => {
  it('escapes what is set as HTML, and leaves what is set as text', () => {
    const page = newPage();
    page.wire(nitro.jq({ target: 'a', property: 'value', right: "<b>'" }));
    page.wire(nitro.jq({ target: 'a', property: 'innerHTML', right: '<b>' }));
    expect(page.flush('script')).toBe("qi('a').value='<b>\\'';qi('a').innerHTML='&lt;b&gt;';");
  });

  it('guesses the parent in which a part of a table is read', () => {
    const page = newPage();
    page.insertBottom('a', nitro.td({ body: 'x' }));
    expect(page.flush('script')).toContain("qn('tr')");
  });

  it('names sources as atoms, and as binaries where old browsers cannot', () => {
    const page = newPage();
    page.wire(nitro.event({ target: 'a', type: 'click', postback: 1, source: ['plain', 'ім’я'] }));
    const code = page.flush('script');
    expect(code).toContain("tuple(atom('plain'),querySource('plain'))");
    expect(code).toContain("tuple(bin('ім’я'),querySource('ім’я'))");
  });
});

describe('addresses in text', () => {
  it('are encoded as a query has them, and read again', () => {
    const text = "a b&c=d+e/(é)'*!";
    expect(nitro.urlEncode(text)).toBe('a+b%26c%3Dd%2Be%2F%28%C3%A9%29%27%2A%21');
    expect(nitro.urlDecode(nitro.urlEncode(text))).toBe(text);
    expect(nitro.urlDecode('100%')).toBe('100%');
  });
});
