import { expect, it } from 'vitest';
import { start } from '../start.ts';
import { Page } from './page.ts';

const textOf = ({ payload }: { readonly payload: Uint8Array }) => Buffer.from(payload).toString();

it.each([
  ['/ws/app/chat.htm?room=blue,red', 'N2O,', 'N2O,,,room=blue,red'],
  ['/ws/chat?room=%C3%BC', 'N2O,token', 'N2O,token,,room=%C3%BC'],
  ['/ws/chat?room=blue', 'N2O,token,instructions', 'N2O,token,instructions'],
  ['/ws/chat?room=blue', 'N2O,token,,room=red', 'N2O,token,,room=red'],
  ['/ws/chat?room=blue', 'N2', 'N2'],
  ['/ws/chat?room=blue', '{"N2O,":1}', '{"N2O,":1}'],
  [`/ws/chat?${'x'.repeat(2_049)}`, 'N2O,token', 'N2O,token'],
  ['/ws/chat?', 'N2O,token', 'N2O,token'],
  ['/ws/chat', 'N2O,token', 'N2O,token'],
])('a page at %s that says %s is heard to say %s', async (path, said, heard) => {
  const { http, link } = await start();
  const page = await Page.open(http, path);
  page.say(said);
  expect(textOf(await link.next())).toBe(heard);
});

it('what a page says in bytes stays as it is', async () => {
  const { http, link } = await start();
  const page = await Page.open(http, '/ws/chat?room=blue');
  page.say(Buffer.from('N2O,token'));
  expect(textOf(await link.next())).toBe('N2O,token');
});
