/** Two counts: one of a browser, behind buttons; one of each device, behind remote procedures. */
import { button, output, panel } from '@n2o/nitro';
import { type Context, defineModule } from 'n2o';
import { look } from '../_shared/look.ts';

export default defineModule({
  scripts: true,

  async main(context) {
    const less = button({ id: 'less', body: '−', postback: 'less' });
    const more = button({ id: 'more', body: '+', postback: 'more' });
    const count = output({ id: 'count', body: await countOf(context) });
    return look(
      'Counter',
      'All pages of one browser show one count.',
      panel({ class: ['card', 'row', 'counter'], body: [less, count, more] }),
    );
  },

  async event(message, context) {
    const { services, session, page } = context;
    const identity = await session.identity();
    if (identity === undefined) return;
    const room = `counter/${identity.sid}`;
    switch (message) {
      case 'init':
        await services.mq.reg(room, context);
        return page.fill('count', await countOf(context));
      case 'terminate':
        return services.mq.unreg(room, context);
      case 'less':
      case 'more': {
        const count = (await countOf(context)) + (message === 'more' ? 1 : -1);
        await session.set('count', count);
        return services.mq.send(room, count);
      }
    }
  },

  /** For each page of the browser. */
  server(count: number, { page }) {
    page.fill('count', count);
  },

  /** What a device begins with. */
  state: () => 0,

  methods: {
    /** Adds to the caller's count; the answer is the new count. */
    add({ by = 1 }: { by?: number }, { state }: Context<number>): number {
      state.set(state.get() + by);
      return state.get();
    },
    /** The caller's count. */
    value(_params: undefined, { state }: Context<number>): number {
      return state.get();
    },
  },
});

async function countOf({ session }: Context): Promise<number> {
  return (await session.get<number>('count')) ?? 0;
}
