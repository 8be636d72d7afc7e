/** A module with something worth having: a page, a resource, files, and a counter of what was done. */
import { button, p } from '@n2o/nitro';

let made = 0;

export default {
  main: ({ module }) => [
    button({ id: 'open', body: 'Open', postback: `open ${module}` }),
    button({ id: 'leave', body: 'Leave', postback: 'leave' }),
    p({ id: 'result' }),
  ],
  async event(message, { page, session, services }) {
    if (message === 'leave') return services.sessions.end((await session.identity()).sid);
    if (typeof message !== 'string' || !message.startsWith('open')) return;
    const times = ((await session.get('times')) ?? 0) + 1;
    await session.set('times', times);
    page.fill('result', `${message}, by you ${times}`);
  },
  rest: {
    list: () => ({ made }),
    get: (id) => ({ id }),
    create(value) {
      made++;
      return { ...value, id: made };
    },
  },
  file() {},
};
