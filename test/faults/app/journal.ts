/** Writes down what it has done, in a file that outlives its process; the requests have no keys. */
import { appendFileSync } from 'node:fs';
import { defineModule } from 'n2o';

const FILE = String(process.env.FAULTS_JOURNAL);

export default defineModule({
  event(message, { client }) {
    const { n } = message as { n: number };
    // A line of its own: what a process that was killed has left half written takes no other with it.
    appendFileSync(FILE, `\n${client} ${n}\n`);
    return { n };
  },
});
