/** Takes its time, 0 to 20 ms at random: one client's answers still come in order. */
import { setTimeout as wait } from 'node:timers/promises';
import { defineModule } from 'n2o';

export default defineModule({
  async event(message, context) {
    await wait(Math.random() * 20, undefined, { signal: context.signal });
    return message;
  },
});
