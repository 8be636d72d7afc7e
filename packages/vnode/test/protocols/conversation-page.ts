/** The page of the golden vectors, `index`, as a module. */
import { button, panel } from '@n2o/nitro';
import { atom, type Context, defineModule, Tuple, textOf, tuple } from '@n2o/shared';

export const index = defineModule({
  main: () => [
    panel({ id: 'history' }),
    button({ id: 'send', body: 'Chat', postback: atom('chat'), source: ['message'] }),
  ],

  event(message, context) {
    const [name, ...args] = wordsOf(message);
    const act = name === undefined ? undefined : ACTS[name];
    return act ? act(context, args) : tuple(atom('unhandled'), message);
  },

  client(message, { page }) {
    const [name, room] = wordsOf(message);
    if (name !== 'join') return tuple(atom('client_said'), message);
    page.wire('joined();');
    return tuple(atom('joined'), room);
  },

  server(message, { page }) {
    page.wire('pushed();');
    return tuple(atom('server_said'), message);
  },

  bin: (data) => tuple(atom('echo'), data),

  apiEvent(name, data, { page }) {
    page.wire('api();');
    return tuple(name, data);
  },

  handlers: {
    custom(message, trigger, { page }) {
      page.wire('custom();');
      return tuple(message, trigger);
    },
  },
});

type Act = (context: Context, args: readonly unknown[]) => unknown;

const ACTS: Readonly<Record<string, Act>> = {
  init({ page }) {
    page.insertBottom('history', panel({ id: 'greet', body: 'Welcome' }));
    return [];
  },
  chat({ page }) {
    page.insertBottom('history', panel({ id: 'msg', body: String(page.q('message')) }));
    return [];
  },
  delete({ page }, [row]) {
    page.remove(`row${row}`);
    return atom('removed');
  },
  button({ page }, [id]) {
    const name = textIn(id);
    const postback = tuple(atom('button'), id);
    page.update(name, button({ id: name, body: 'Next', postback, source: ['user', 'pass'] }));
    return [];
  },
  alert({ page }, [text]) {
    page.alert(textIn(text));
    return atom('alerted');
  },
  calc: (_context, [a, b]) => Number(a) + Number(b),
  say({ page }, [text]) {
    page.wire("say('hello');");
    return tuple(atom('said'), text);
  },
  crash() {
    throw new RangeError('oops');
  },
  nothing: () => [],
  terminate: () => atom('ok'),
};

/** A message is a name, or a tuple that begins with one. */
function wordsOf(message: unknown): readonly [string?, ...unknown[]] {
  if (!(message instanceof Tuple)) return [String(message)];
  const [name, ...args] = message.items;
  return [String(name), ...args];
}

function textIn(value: unknown): string {
  return value instanceof Uint8Array ? (textOf(value) ?? '') : String(value);
}
