/** Users, passwords and sessions: who is logged in sees more. */
import { button, code, form, h2, p, panel, password, span, textbox } from '@n2o/nitro';
import { type Content, type Context, defineModule, N2OError } from 'n2o';
import { look } from '../_shared/look.ts';

export default defineModule({
  scripts: true,

  async main({ session }) {
    if (await session.get('fresh')) {
      // Who gave the browser its session before it logged in has no part in what it is now.
      await session.renew();
      await session.delete('fresh');
    }
    const user = await session.get<string>('user');
    return look(
      'Login',
      'A user, a password, and a session that lasts.',
      panel({ id: 'part', class: 'card', body: user === undefined ? doors() : inside(user) }),
      p({ id: 'problem', class: 'problem' }),
    );
  },

  async event(message, context) {
    if (message === 'login') await attempt(context, login);
    else if (message === 'register') await attempt(context, register);
    else if (message === 'logout') await logout(context);
    else if (message === 'token') await makeToken(context);
  },

  methods: {
    /** Who the caller is; `null` for nobody. */
    whoami: async (_params: undefined, { session }: Context) =>
      (await session.get<string>('user')) ?? null,
  },
});

/** For who is not logged in. */
function doors(): Content {
  const source = ['user', 'password'];
  return form({
    class: 'row',
    postback: 'login',
    source,
    body: [
      textbox({
        id: 'user',
        placeholder: 'User',
        size: 15,
        autocomplete: 'username',
        autofocus: true,
      }),
      password({
        id: 'password',
        placeholder: 'Password',
        size: 15,
        autocomplete: 'current-password',
      }),
      button({ id: 'login', type: 'submit', body: 'Log in' }),
      button({ id: 'register', class: 'quiet', body: 'Register', postback: 'register', source }),
    ],
  });
}

/** For who is. */
function inside(user: string): Content {
  return [
    h2({ body: ['Welcome, ', span({ id: 'welcome', body: user })] }),
    p({ class: 'soft', body: 'Only who is logged in sees this.' }),
    panel({
      class: 'row',
      body: [
        button({ id: 'token', body: 'A token for a device', postback: 'token' }),
        button({ id: 'logout', class: 'quiet', body: 'Log out', postback: 'logout' }),
      ],
    }),
    p({ body: code({ id: 'device' }) }),
  ];
}

type Entry = (context: Context, name: string, word: string) => Promise<boolean>;

const login: Entry = async ({ services }, name, word) =>
  (await services.auth.verify(name, word)) !== undefined;

const register: Entry = async ({ services }, name, word) => {
  await services.auth.register({ name }, word);
  return true;
};

async function attempt(context: Context, entry: Entry): Promise<void> {
  const { page, session } = context;
  const name = String(page.q('user') ?? '');
  try {
    if (!(await entry(context, name, String(page.q('password') ?? '')))) {
      return page.fill('problem', 'There is no such user, or that is not the password.');
    }
  } catch (error) {
    if (!(error instanceof N2OError)) throw error;
    return page.fill('problem', `Sorry: ${error.message}.`);
  }
  await session.set('user', name);
  await session.set('fresh', true);
  // The same page once more: now it shows what is for this user.
  page.redirect('');
}

/** Ends the session: what is shown next begins a new one. */
async function logout({ page, session, services }: Context): Promise<void> {
  const identity = await session.identity();
  if (identity) await services.sessions.end(identity.sid);
  page.redirect('');
}

async function makeToken({ page, session, services }: Context): Promise<void> {
  const user = await session.get<string>('user');
  // Somebody has logged out on another page.
  if (user === undefined) return page.redirect('');
  page.fill('device', await services.auth.generateToken(user));
}
