/** A duel of two riders: a single-page application, drawn in SVG by what the server says. */
import { type Context, defineModule } from 'n2o';
import { look } from '../_shared/look.ts';
import { arena, type Said } from './_arena.ts';
import { HEIGHT, WIDTH } from './_riders.ts';

/** A client that is none: what it is told arrives in one worker of the whole cluster. */
const ARENA = { client: 'arena', module: 'game' };

export default defineModule({
  scripts: true,

  main: () =>
    look(
      'Game',
      'Two riders, whose trails are walls. Turn with the arrow keys, or by the buttons.',
      <link rel="stylesheet" href="/game.css" />,
      <p class="row">
        <span id="news" class="grow" role="status">
          No place is free yet.
        </span>
        <strong id="wins" />
      </p>,
      <svg
        id="board"
        class="card"
        role="img"
        aria-label="Board"
        viewBox={`-0.5 -0.5 ${WIDTH} ${HEIGHT}`}
      >
        <polyline id="trail0" />
        <polyline id="trail1" />
      </svg>,
      <p id="ways" class="row">
        {['left', 'up', 'down', 'right'].map((way) => (
          <button type="button" class="quiet" data-way={way}>
            {way}
          </button>
        ))}
      </p>,
      <script type="module" src="/game.js" />,
    ),

  async event(message, context) {
    const { client } = context;
    if (message === 'init') await tell(context, { join: client });
    else if (message === 'terminate') await tell(context, { leave: client });
  },

  /** A player turns. */
  client: (way, context) => tell(context, { turn: context.client, way }),

  /** In the worker of the arena: what players do. In that of a player: how it stands. */
  async server(message, { client, services: { processes }, page }) {
    if (client !== ARENA.client) return page.call('draw', message);
    await processes.start(arena);
    processes.cast(arena.name, message);
  },
});

function tell({ services }: Context, said: Said): Promise<void> {
  return services.mq.tell(ARENA, said);
}
