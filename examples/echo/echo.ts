/** Answers every message with itself: the shortest module there is, and what the benchmarks load. */
import { defineModule } from 'n2o';

export default defineModule({
  event(message) {
    return message;
  },
});
