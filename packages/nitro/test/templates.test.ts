/** Templates show bindings escaped and elements as they are. */
import { N2OError } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { button, createPage } from '../src/index.ts';
import { createTemplates } from '../src/templates.ts';

const FILES: Readonly<Record<string, string>> = {
  'base.html': '<title>{% block title %}none{% endblock %}</title>{% block body %}{% endblock %}',
  'page.html':
    '{% extends "base.html" %}{% block title %}{{ title }}{% endblock %}{% block body %}{% include "list.html" %}{{ send }}{% endblock %}',
  'list.html': '{% for item in items %}<li>{{ item.name | upper }}</li>{% endfor %}',
};

const { dtl } = createTemplates({ read: (name) => FILES[name] });
const newPage = () => createPage({ module: 'm', pickle: () => 'PICKLE' });

describe('a template', () => {
  it('extends, includes, loops, escapes, and shows elements', () => {
    const page = newPage();
    const bindings = {
      title: '<b>',
      items: [{ name: 'a&' }, { name: 'b' }],
      send: button({ id: 'go', postback: 1 }),
    };
    expect(page.html(dtl({ file: 'page.html', bindings }))).toBe(
      '<title>&lt;b&gt;</title><li>A&amp;</li><li>B</li><button id="go" type="button"></button>',
    );
    expect(page.flush('instructions')).toEqual([
      ['on', 'go', 'click', { pickle: 'PICKLE', source: [] }],
    ]);
  });

  it('wires only the elements that it shows', () => {
    const page = newPage();
    page.html(dtl({ text: '{{ a }}', bindings: { b: button({ postback: 1 }) } }));
    expect(page.isEmpty).toBe(true);
  });

  it('shows as HTML what it calls safe, and nothing for what is not bound', () => {
    const bindings = { text: '<b>', list: ['<i>', 1] };
    expect(newPage().html(dtl({ text: '{{ text | safe }}{{ none }}{{ list }}', bindings }))).toBe(
      '<b>&lt;i&gt;1',
    );
  });

  it('escapes once what it escapes by name, and never less', () => {
    const bindings = { text: '<&', none: undefined, send: button({ id: 'go' }) };
    const shown = (text: string) => newPage().html(dtl({ text, bindings }));
    expect(shown('{{ text | escape }}')).toBe('&lt;&amp;');
    expect(shown('{{ text | escape | safe }}')).toBe('&lt;&amp;');
    expect(shown('{{ text | safe | escape }}{{ none | escape }}')).toBe('&lt;&amp;');
    expect(shown('{{ send | escape }}')).toBe('<button id="go" type="button"></button>');
  });

  it('reaches into nothing but what is bound', () => {
    const text = '{{ a.constructor }}{{ a.__proto__ }}{{ constructor }}';
    expect(newPage().html(dtl({ text, bindings: { a: {} } }))).toBe('');
  });

  it.each<[string, unknown]>([
    ['text', '<a href="x">&\'</a>'],
    ['a number', -0.5],
    ['truth', false],
    ['nothing', null],
    ['a list', ['<', 1, [true]]],
    ['an object', { size: 3 }],
    ['a function', () => '<'],
    ['an element', button({ id: 'go', body: '<b>' })],
    ['a list with an element', [button({ id: 'go' })]],
  ])('shows %s the same whether or not there is more to it than names', (_what, a) => {
    const shown = (text: string) => newPage().html(dtl({ text, bindings: { a, b: 1 } }));
    const simple = '<p>\n {{- a }}|{{ b -}} \n</p>{{none}}{{ a }}';
    expect(shown(simple)).toBe(shown(`{% if true %}${simple}{% endif %}`));
  });

  it('wires an element once for each time that it shows it, also beside what is no name', () => {
    const page = newPage();
    const bindings = { go: button({ id: 'go', postback: 1 }), list: [1] };
    page.html(dtl({ text: '{{ go }}{{ go }}{{ list }}', bindings }));
    expect(page.flush('instructions')).toHaveLength(2);
  });

  it.each(['true', 'nil', 'empty', 'size'])('takes %s for what the engine does', (name) => {
    const shown = (text: string) => newPage().html(dtl({ text, bindings: { [name]: 'bound' } }));
    expect(shown(`{{ ${name} }}`)).toBe(shown(`{% if true %}{{ ${name} }}{% endif %}`));
  });

  it.each([
    ['is not there', { file: 'none.html' }],
    ['includes what is not there', { text: '{% include "none.html" %}' }],
    ['is not well formed', { text: '{% if %}' }],
  ])('says so when it %s', (_what, options) => {
    const shown = () => newPage().html(dtl(options));
    expect(shown).toThrow(expect.objectContaining({ code: 'N2O_PAGE_TEMPLATE' }));
    expect(shown).toThrow(N2OError);
  });
});
