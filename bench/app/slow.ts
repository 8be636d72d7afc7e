/** A module that waits, as one does that asks a database: up to 20 ms, at random, and then echoes. */
import { setTimeout as wait } from 'node:timers/promises';
import { defineModule } from 'n2o';

const LONGEST_MS = 20;

export default defineModule({
  async event(message) {
    await wait(Math.random() * LONGEST_MS);
    return message;
  },
});
