/** Rooms whose talk is kept: what one says, all who are there see. */
import { button, event, form, li, link, p, script, span, textbox, ul } from '@n2o/nitro';
import { type Content, type Context, defineModule } from 'n2o';
import { look } from '../_shared/look.ts';
import { arrive, depart, present } from './_people.ts';

/** Those that there are: an address may name any. */
const ROOMS = ['lobby', 'garden', 'workshop'] as const;
type Room = (typeof ROOMS)[number];

interface Line {
  readonly name: string;
  readonly text: string;
}

/** What all are told: who is there now, or what somebody has said. */
type News = { readonly names: readonly string[] } | { readonly id: string; readonly line: Line };

export default defineModule({
  scripts: true,

  async main({ session, query }) {
    const name = (await session.get<string>('name')) ?? `Guest ${Math.ceil(Math.random() * 999)}`;
    await session.set('name', name);
    return look(
      'Chat',
      'What you say, all who are here see.',
      doors(query),
      p({ id: 'people', class: 'soft' }),
      ul({ id: 'history', class: ['card', 'talk'] }),
      form({ class: 'row', postback: 'say', source: ['message'], body: inputs(name) }),
      script({ type: 'module', src: '/chat.js' }),
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

/** `?room=garden`; the lobby for any other. */
function roomOf(query: URLSearchParams): Room {
  return ROOMS.find((room) => room === query.get('room')) ?? 'lobby';
}

/** Links to all rooms, which keep what the address says besides. */
function doors(query: URLSearchParams): Content {
  const here = roomOf(query);
  const door = (room: Room) => {
    const asked = new URLSearchParams(query);
    asked.set('room', room);
    return room === here
      ? span({ class: 'name', body: room })
      : link({ href: `?${asked}`, body: room });
  };
  return p({ id: 'rooms', class: 'row', body: ROOMS.map(door) });
}

/** What a room is called where it is kept, and where it is told. */
function placeOf({ query }: Context): string {
  return `chat/${roomOf(query)}`;
}

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
  const place = placeOf(context);
  await services.mq.reg(place, context);
  // The newest first, as the list has them: its style turns it around.
  const { entries } = await services.kvs.feed<Line>(place).take({ count: 50 });
  page.fill(
    'history',
    entries.map(({ key, value }) => shown(key, value)),
  );
  await arrive(context, place, (await session.get<string>('name')) ?? 'Guest');
  await tellWho(context);
}

async function rename(context: Context): Promise<void> {
  const name = text(context.page.q('name'), 30);
  if (name === '') return;
  await context.session.set('name', name);
  await arrive(context, placeOf(context), name);
  await tellWho(context);
}

async function say(context: Context): Promise<void> {
  const { services, session, page } = context;
  const place = placeOf(context);
  const line = {
    name: (await session.get<string>('name')) ?? 'Guest',
    text: text(page.q('message'), 1_000),
  };
  if (line.text === '') return;
  const id = await services.kvs.feed(place).append(line);
  await services.mq.send(place, { id, line });
}

async function leave(context: Context): Promise<void> {
  await context.services.mq.unreg(placeOf(context), context);
  await depart(context, placeOf(context));
  await tellWho(context);
}

async function tellWho(context: Context): Promise<void> {
  const { services } = context;
  const place = placeOf(context);
  await services.mq.send(place, { names: await present(services, place) });
}

/** What a user has written, as text of a bounded length. */
function text(written: unknown, most: number): string {
  return String(written ?? '')
    .trim()
    .slice(0, most);
}
