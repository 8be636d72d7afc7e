/** Ends its worker thread in the middle of whatever else runs there, once for each event. */
import { defineModule } from 'n2o';

export default defineModule({
  event(_, { dup }) {
    if (!dup) process.exit(1);
  },
});
