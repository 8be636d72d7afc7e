/** Files of one's own: dropped into the page, sent in parts, and listed with their hashes. */
import {
  button,
  code,
  li,
  metaLink,
  p,
  panel,
  progress,
  script,
  span,
  ul,
  upload,
} from '@n2o/nitro';
import { type Content, type Context, defineModule } from 'n2o';
import { look } from '../_shared/look.ts';

interface Kept {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

export default defineModule({
  scripts: true,

  main: () =>
    look(
      'Upload',
      'What breaks off goes on where it was: when the connection comes back, or when you choose the file again.',
      metaLink({ rel: 'stylesheet', href: '/upload.css' }),
      panel({
        id: 'zone',
        class: 'card',
        body: [
          p({ body: 'Drop a file here, or choose one.' }),
          upload({ id: 'file' }),
          progress({ id: 'progress', value: 0 }),
          p({ id: 'problem', class: 'problem', role: 'alert' }),
        ],
      }),
      ul({ id: 'files' }),
      script({ type: 'module', src: '/upload.js' }),
    ),

  async event(message, context) {
    const room = await roomOf(context);
    if (message === 'init') {
      await context.services.mq.reg(room, context);
      await show(context);
    } else if (message === 'terminate') {
      await context.services.mq.unreg(room, context);
    }
  },

  /** A file is here; the session's other pages show it too. */
  async file({ name, size, sha256 }, context) {
    const { kvs, mq } = context.services;
    const room = await roomOf(context);
    await kvs.put(room, name, { size, sha256 } satisfies Kept);
    await mq.send(room, 'changed');
  },

  /** For each page of the session. */
  server: (_changed, context) => show(context),
});

/** Of a session; a client that has none is alone. */
async function roomOf({ session, client }: Context): Promise<string> {
  return `upload/${(await session.identity())?.sid ?? client}`;
}

async function show(context: Context): Promise<void> {
  const files: Content[] = [];
  for await (const { key, value } of context.services.kvs.all<Kept>(await roomOf(context))) {
    files.push(row(key, value));
  }
  context.page.fill('files', files);
}

function row(name: string, { size, sha256 }: Kept): Content {
  const bytes = `${size.toLocaleString('en')} bytes`;
  return li({
    class: 'card',
    body: [
      panel({
        class: 'row',
        body: [
          span({ class: ['name', 'grow'], body: name }),
          span({ class: 'soft', body: bytes }),
          button({ class: 'quiet', body: 'Download', dataFields: { 'data-name': name } }),
        ],
      }),
      code({ class: 'soft', body: sha256 }),
    ],
  });
}
