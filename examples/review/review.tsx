/** Reviews with stars, in a feed that is read page by page; the newest come by themselves. */
import { type Content, type Context, defineModule } from 'n2o';
import { look } from '../_shared/look.ts';

const FEED = 'reviews';
const ROOM = 'review/readers';
const PAGE = 5;

interface Review {
  readonly stars: number;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

type Message = 'init' | 'terminate' | 'add' | { readonly older: string };
interface News {
  readonly id: string;
  readonly review: Review;
}

export default defineModule({
  scripts: true,

  main: () =>
    look(
      'Review',
      'The newest first; what others write appears by itself.',
      <form class="card" postback="add" source={['stars', 'text']}>
        <textarea id="text" rows="3" placeholder="How was it?" required />
        <div class="row">
          <span class="stars grow">{[5, 4, 3, 2, 1].map(star)}</span>
          <button type="submit">Add</button>
        </div>
        <p id="problem" class="problem" />
      </form>,
      <div id="reviews" />,
      <div id="more" />,
      <script type="module" src="/review.js" />,
    ),

  async event(message: Message, context) {
    const { services, page } = context;
    if (message === 'init') {
      await services.mq.reg(ROOM, context);
      page.fill('reviews', '');
      await show(context);
    } else if (message === 'terminate') {
      await services.mq.unreg(ROOM, context);
    } else if (message === 'add') {
      await add(context);
    } else {
      await show(context, message.older);
    }
  },

  /** For each reader. */
  server({ id, review }: News, { page }) {
    // Who has just come has read it already.
    page.remove(id);
    page.insertTop('reviews', <Card id={id} review={review} />);
  },
});

/** Five radio buttons that a style sheet shows as stars. */
function star(count: number): Content {
  const id = `stars${count}`;
  return [
    <input type="radio" id={id} name="stars" value={count} />,
    <label for={id} title={`${count} of 5`}>
      ★
    </label>,
  ];
}

function Card({ id, review }: News): Content {
  const { stars, text, at } = review;
  return (
    <article id={id} class="card">
      <p class="given">
        {'★'.repeat(stars)}
        {'☆'.repeat(5 - stars)}
      </p>
      <p>{text}</p>
      <p class="soft">{new Date(at).toISOString().slice(0, 16).replace('T', ' ')}</p>
    </article>
  );
}

async function add({ services, page }: Context): Promise<void> {
  const stars = Number(page.q('stars'));
  const text = String(page.q('text')).trim().slice(0, 1_000);
  if (![1, 2, 3, 4, 5].includes(stars) || text === '') {
    return page.fill('problem', 'Some words and some stars, please.');
  }
  const review: Review = { stars, text, at: Date.now() };
  const id = await services.kvs.feed<Review>(FEED).append(review);
  await services.mq.send(ROOM, { id, review } satisfies News);
  page.fill('problem', '');
}

/** Adds a page of them at the end, and the button for the next one. */
async function show({ services, page }: Context, from?: string): Promise<void> {
  const { entries, next } = await services.kvs.feed<Review>(FEED).take({ count: PAGE, from });
  // Who presses twice has them already.
  for (const { key } of entries) page.remove(key);
  page.insertBottom(
    'reviews',
    entries.map(({ key, value }) => <Card id={key} review={value} />),
  );
  page.fill(
    'more',
    next && (
      <button type="button" id="older" class="quiet" postback={{ older: next }}>
        Older
      </button>
    ),
  );
}
