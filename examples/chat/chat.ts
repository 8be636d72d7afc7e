/** A room whose talk is kept: what one says, all who are there see. */
import { button, event, form, jq, li, p, span, textbox, ul } from '@n2o/nitro';
import { type Content, type Context, defineModule } from 'n2o';
import { look } from '../_shared/look.ts';
import { arrive, depart, present } from './_people.ts';

const ROOM = 'chat/lobby';

interface Line {
  readonly name: string;
  readonly text: string;
}

/** What all are told: who is there now, or what somebody has said. */
type News = { readonly names: readonly string[] } | { readonly id: string; readonly line: Line };

export default defineModule({
  scripts: true,

  async main({ session }) {
    const name = (await session.get<string>('name')) ?? `Guest ${Math.ceil(Math.random() * 999)}`;
    await session.set('name', name);
    return look(
      'Chat',
      'What you say, all who are here see.',
      p({ id: 'people', class: 'soft' }),
      ul({ id: 'history', class: ['card', 'talk'] }),
      form({ class: 'row', postback: 'say', source: ['message'], body: inputs(name) }),
    );
  },

  async event(message, context) {
    if (message === 'init') await enter(context);
    else if (message === 'name') await rename(context);
    else if (message === 'say') await say(context);
    else if (message === 'terminate') await leave(context);
  },

  /** Runs for each who is in the room, with the page that this one looks at. */
  server(news: News, { page }) {
    if ('names' in news) {
      page.fill('people', `Here: ${news.names.join(', ')}`);
    } else {
      // What was said while somebody entered is in the history too, and is shown once.
      page.remove(news.id);
      page.insertTop('history', shown(news.id, news.line));
    }
  },
});

function inputs(name: string): Content {
  const changed = event({ target: 'name', type: 'change', postback: 'name', source: ['name'] });
  return [
    textbox({ id: 'name', value: name, size: 10, maxlength: 30, actions: changed }),
    textbox({ id: 'message', class: 'grow', placeholder: 'Say something', autofocus: true }),
    button({ type: 'submit', body: 'Send' }),
  ];
}

function shown(id: string, { name, text }: Line): Content {
  return li({ id, body: [span({ class: 'name', body: name }), ' ', text] });
}

async function enter(context: Context): Promise<void> {
  const { services, session, page } = context;
  await services.mq.reg(ROOM, context);
  // The newest first, as the list has them: its style turns it around.
  const { entries } = await services.kvs.feed<Line>(ROOM).take({ count: 50 });
  page.fill(
    'history',
    entries.map(({ key, value }) => shown(key, value)),
  );
  await arrive(context, (await session.get<string>('name')) ?? 'Guest');
  await tellWho(context);
}

async function rename(context: Context): Promise<void> {
  const name = text(context.page.q('name'), 30);
  if (name === '') return;
  await context.session.set('name', name);
  await arrive(context, name);
  await tellWho(context);
}

async function say({ services, session, page }: Context): Promise<void> {
  const line = {
    name: (await session.get<string>('name')) ?? 'Guest',
    text: text(page.q('message'), 1_000),
  };
  page.wire(jq({ target: 'message', property: 'value', right: '' }));
  if (line.text === '') return;
  const id = await services.kvs.feed(ROOM).append(line);
  await services.mq.send(ROOM, { id, line });
}

async function leave(context: Context): Promise<void> {
  await context.services.mq.unreg(ROOM, context);
  await depart(context);
  await tellWho(context);
}

async function tellWho({ services }: Context): Promise<void> {
  await services.mq.send(ROOM, { names: await present(services) });
}

/** What a user has written, as text of a bounded length. */
function text(written: unknown, most: number): string {
  return String(written ?? '')
    .trim()
    .slice(0, most);
}
