/** An application whose pages load N2O's own files: chat, login and upload, over both transports. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LOGIN = `
  import { button, textbox, password } from '@n2o/nitro';
  export default {
    async event(message, { page, session }) {
      if (message === 'init') {
        const user = await session.get('user');
        if (user) page.fill('form', 'Back: ' + user);
        else page.fill('form', [
          textbox({ id: 'user' }),
          password({ id: 'pass' }),
          button({ id: 'login', body: 'Login', postback: 'login', source: ['user', 'pass'] }),
        ]);
      } else if (message === 'login') {
        if (page.q('pass') !== 'pass') return page.alert('No: ' + page.q('user'));
        await session.set('user', page.q('user'));
        page.redirect('chat.htm');
      }
    },
  };`;

const CHAT = `
  import { button, p, textbox } from '@n2o/nitro';
  const form = [
    textbox({ id: 'message' }),
    button({ id: 'send', body: 'Send', postback: 'say', source: ['message'] }),
  ];
  export default {
    async event(message, context) {
      const { page, session, services } = context;
      if (message === 'init') {
        await services.mq.reg('room', context);
        page.fill('form', form);
        page.fill('who', (await session.get('user')) ?? 'nobody');
      } else if (message === 'say') {
        const who = (await session.get('user')) ?? 'nobody';
        await services.mq.send('room', who + ': ' + page.q('message'));
      } else if (message === 'terminate') {
        await services.mq.send('room', 'left');
      }
    },
    server(text, { page }) {
      page.insertBottom('history', p({ body: text }));
    },
  };`;

const UPLOAD = `
  import { upload } from '@n2o/nitro';
  export default {
    event(message, { page }) {
      if (message === 'init') page.fill('form', upload({ id: 'file' }));
    },
    file: ({ name, size, sha256 }, context) =>
      context.services.mq.tell(context, name + ' ' + size + ' ' + sha256),
    server: (text, { page }) => page.fill('history', text),
  };`;

/** A page that speaks to its module over N2O's WebSocket. */
const SOCKET = [
  '<script>var port = location.port;</script>',
  ...filesOf('utf8', 'ieee754', 'bert', 'heart', 'n2o', 'nitro', 'ftp'),
  '<script>N2O_start();</script>',
];

/** `mq.js` looks for a broker on port 8083, and today's n2o.js keeps the token where it does only when told to. */
const MQTT = [
  '<script>var port = location.port;</script>',
  ...filesOf('utf8', 'ieee754', 'bert', 'n2o', 'nitro', 'ftp', 'paho-mqtt'),
  `<script>
    tokenStorage = localStorage;
    var Client = Paho.MQTT.Client;
    Paho.MQTT.Client = function (host, port, id) { return new Client(host, Number(location.port), id); };
  </script>`,
  ...filesOf('mq'),
];

/** A page that `main` of a module shows, with what it has wired. */
const LIVE = `
  import { body, button, html, textbox } from '@n2o/nitro';
  export default {
    scripts: true,
    main: () => html({
      body: body({
        body: [
          textbox({ id: 'message' }),
          button({ id: 'send', body: 'Send', postback: 'say', source: ['message'] }),
          { render: () => ${JSON.stringify(`<p id="history"></p>${SOCKET.join('')}`)} },
        ],
      }),
    }),
    event(message, { page }) {
      if (message === 'say') page.fill('history', page.q('message'));
    },
  };`;

/** The files of the application; pages over MQTT lie in a folder of their own. */
export function applicationOf(folder: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    'login.js': LOGIN,
    'chat.js': CHAT,
    'upload.js': UPLOAD,
    'live.js': LIVE,
  };
  for (const name of ['login', 'chat', 'upload']) {
    files[`public/ws/${name}.htm`] = pageOf(SOCKET);
    files[`public/mqtt/${name}.htm`] = pageOf(MQTT);
  }
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    files[`public/original/${name}`] = readFileSync(join(folder, name), 'utf8');
  }
  return files;
}

function filesOf(...names: readonly string[]): readonly string[] {
  return names.map((name) => `<script src="/original/${name}.js"></script>`);
}

function pageOf(scripts: readonly string[]): string {
  const places = ['who', 'form', 'history'].map((id) => `<div id="${id}"></div>`).join('');
  return `<!doctype html><html><head><meta charset="utf-8"></head><body>${places}${scripts.join('')}</body></html>`;
}
