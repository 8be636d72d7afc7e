/** Files of one's own: dropped into the page, sent in parts, listed with their hashes, fetched and removed. */
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
import { type Content, type Context, defineModule, type FileInfo } from 'n2o';
import { look } from '../_shared/look.ts';

/** What a page says that has buttons: which file is to go. */
type Wish = 'init' | 'terminate' | { readonly remove: string };

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

  async event(message: Wish, context) {
    const { mq, files } = context.services;
    if (message === 'init') {
      await mq.reg(await roomOf(context), context);
      await show(context);
    } else if (message === 'terminate') {
      await mq.unreg(await roomOf(context), context);
    } else {
      await files.remove(context, message.remove);
      await changed(context);
    }
  },

  /** A file is here; the session's other pages show it too. */
  file: (_file, context) => changed(context),

  /** For each page of the session. */
  server: (_changed, context) => show(context),
});

/** Of a session; a client that has none is alone. */
async function roomOf({ session, client }: Context): Promise<string> {
  return `upload/${(await session.identity())?.sid ?? client}`;
}

async function changed(context: Context): Promise<void> {
  await context.services.mq.send(await roomOf(context), 'changed');
}

async function show(context: Context): Promise<void> {
  const { files } = await context.services.files.list(context, { count: 1_000 });
  context.page.fill('files', files.map(row));
}

function row({ name, size, sha256 }: FileInfo): Content {
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
          button({ class: 'quiet', body: 'Remove', postback: { remove: name } }),
        ],
      }),
      code({ class: 'soft', body: sha256 }),
    ],
  });
}
