/** Counts what it has done for a client, in what is kept with the reply: once for each key, whatever dies. */
import { type Context, defineModule } from 'n2o';

interface Kept {
  readonly count: number;
}

interface Numbered {
  readonly n: number;
}

export default defineModule({
  state: (): Kept => ({ count: 0 }),
  event: (message, { state }) => counted(message as Numbered, state),
  methods: {
    /** Answers later, as handlers do that wait for something. */
    async count(params, { state }) {
      await new Promise((resolve) => setImmediate(resolve));
      return counted(params as Numbered, state);
    },
  },
});

function counted({ n }: Numbered, state: Context<Kept>['state']) {
  const count = state.get().count + 1;
  state.set({ count });
  return { n, count };
}
