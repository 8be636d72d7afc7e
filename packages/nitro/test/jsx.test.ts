/** JSX makes the same elements, in the form that TypeScript compiles it to. */
import { expect, it } from 'vitest';
import { button, createPage, panel } from '../src/index.ts';
import { Fragment, jsx, jsxs } from '../src/jsx-runtime.ts';

const page = createPage({ module: 'm', pickle: () => 'PICKLE' });

it('prints what the functions print', () => {
  const written = jsxs('div', {
    id: 'box',
    children: [jsx('button', { id: 'go', postback: 'went', children: 'Go' }), ' & ', 5],
  });
  const called = panel({
    id: 'box',
    body: [button({ id: 'go', postback: 'went', body: 'Go' }), ' & ', 5],
  });
  expect(page.html(written)).toBe(page.html(called));
});

it('takes components and fragments', () => {
  const Hello = ({ name }: { name: string }) => jsx(Fragment, { children: ['Hello ', name] });
  expect(page.html(jsx(Hello, { name: '<Ada>' }))).toBe('Hello &lt;Ada&gt;');
});

it('prints names with a dash as attributes, and all names of tags that are not HTML', () => {
  const tag = jsx('span', { 'data-x': 1, 'aria-label': 'a"b', children: 'x' });
  expect(page.html(tag)).toBe('<span data-x="1" aria-label="a&quot;b">x</span>');
  const drawn = jsx('svg', { viewBox: '0 0 9 9', children: jsx('circle', { cx: 1, r: 2 }) });
  expect(page.html(drawn)).toBe('<svg viewBox="0 0 9 9"><circle cx="1" r="2"></circle></svg>');
});

it('refuses tags that are none', () => {
  expect(() => jsx('p onclick', {})).toThrow('there is no tag');
});
