/** The frame of every example's page: a document with one style sheet, and the way back to the others. */
import { readFileSync } from 'node:fs';
import {
  body,
  h1,
  head,
  header,
  html,
  link,
  main,
  meta,
  metaLink,
  nav,
  p,
  style,
  title,
} from '@n2o/nitro';
import type { Content } from 'n2o';

const STYLE = readFileSync(new URL('look.css', import.meta.url), 'utf8');

const WAYS = nav({
  body: [
    link({ href: '/app/index', body: 'All examples' }),
    link({ href: '?transport=ws', body: 'over WebSocket' }),
    link({ href: '?transport=mqtt', body: 'over MQTT' }),
  ],
});

/** A live page: its name, a sentence on what it shows, and what is on it. */
export function look(name: string, lead: string, ...content: readonly Content[]): Content {
  return sheet(name, [WAYS, h1({ body: name }), p({ body: lead })], content);
}

/** The document around the top of a page and what is below it. */
export function sheet(name: string, top: Content, content: Content): Content {
  const inHead = [
    meta({ charset: 'utf-8' }),
    meta({ name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    title({ body: `${name} · N2O` }),
    // No picture, so that none is asked for.
    metaLink({ rel: 'icon', href: 'data:,' }),
    style({ body: STYLE }),
  ];
  const shown = [header({ body: top }), main({ body: content })];
  return html({ lang: 'en', body: [head({ body: inHead }), body({ body: shown })] });
}
