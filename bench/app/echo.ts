/** The shortest module: the reply is the message. */
import { defineModule } from 'n2o';

export default defineModule({
  event(message) {
    return message;
  },
});
