/** What an element does not know does not compile, and prints nothing. */
import { expect, it } from 'vitest';
import { define } from '../src/elements/define.ts';
import { button, createPage, html, panel, textarea, textbox } from '../src/index.ts';

const page = createPage({ module: 'm', pickle: () => '' });

it('takes no option that the element does not have', () => {
  // @ts-expect-error: a panel has no href
  expect(page.html(panel({ href: '/a' }))).toBe('<div></div>');
  // @ts-expect-error: a textbox can have nothing in it, and so no body
  expect(page.html(textbox({ body: 'x' }))).toBe('<input type="text"/>');
  // @ts-expect-error: the type of a textbox is its own
  expect(page.html(textbox({ type: 'button' }))).toBe('<input type="text"/>');
  // @ts-expect-error: a textbox sends nothing
  expect(page.html(textbox({ id: 'a', postback: 'x' }))).toBe('<input id="a" type="text"/>');
});

it('takes no value that the option does not have', () => {
  // @ts-expect-error: a flag is true or false
  expect(page.html(button({ disabled: 'yes' }))).toContain('disabled');
  // @ts-expect-error: directions have names
  expect(page.html(panel({ dir: 'up' }))).toContain('dir="up"');
});

it('takes no row of the table with a name that is no attribute', () => {
  // @ts-expect-error: misspelt
  const wrong = define({ tag: 'p', names: 'id clas' });
  expect(page.html(wrong())).toBe('<p></p>');
});

it('leaves out flags that are false, and what is not there in lists', () => {
  expect(page.html(button({ disabled: false, class: ['a', false, undefined, 'b'] }))).toBe(
    '<button type="button" class="a b"></button>',
  );
  expect(page.html(panel({ style: ['color:red', null, 'top:0'], id: 7, hidden: true }))).toBe(
    '<div id="7" style="color:red;top:0" hidden="hidden"></div>',
  );
});

it('shows nothing for what is nothing', () => {
  expect(page.html([null, undefined, true, false, '', [], 0, 5n])).toBe('05');
  expect(page.html(panel({ showIf: false, actions: [], body: 'x' }))).toBe('');
});

it('keeps the line end that a text begins with, which a browser would drop', () => {
  expect(page.html(textarea({ body: '\na' }))).toBe('<textarea>\n\na</textarea>');
  expect(page.html(textarea({ body: ['', 'a\n'] }))).toBe('<textarea>a\n</textarea>');
  expect(page.html(textarea())).toBe('<textarea></textarea>');
});

it('marks text as HTML by the name of the element that a document is', () => {
  expect(page.html([html('<hr>'), html({ lang: 'uk', body: 'x' })])).toBe(
    '<hr><html lang="uk">x</html>',
  );
});
