import { describe, it } from 'vitest';
import { Tally } from '../services/tally.ts';
import { index } from './conversation-page.ts';
import { DIFFERENCES } from './differences.ts';
import { startPages } from './pages.ts';
import { type Conversation, conversations, converse } from './vectors.ts';

/** N2O's protocols were these; the page's `event` is not asked for what they do not know. */
const PROTOCOLS = ['heart', 'nitro', 'spa', 'bin'];

/** Conversations with files have a test of their own. */
const ours = conversations().filter(({ name }) => !name.startsWith('FTP'));

function optionsOf({ env }: Conversation) {
  const prolong = JSON.stringify(env ?? '').includes('nitro_prolongate');
  return { modules: { index }, protocols: PROTOCOLS, prolong };
}

describe.each(['websocket', 'mqtt'] as const)("N2O's conversations over %s", (over) => {
  it('go as they went with N2O, but for the differences that are known', async () => {
    const tally = new Tally(DIFFERENCES.map(({ reason }) => reason));
    const wrong: string[] = [];
    let [steps, same] = [0, 0];
    for (const conversation of ours) {
      const faults = await converse(conversation, await startPages(optionsOf(conversation)), over);
      steps += faults.length;
      if (faults.every((fault) => fault === undefined)) same++;
      for (const [i, fault] of faults.entries()) {
        const step = conversation.steps[i];
        const known = step && DIFFERENCES.find(({ covers }) => covers(conversation, step, i));
        const place = `${conversation.impl}, ${conversation.name}, step ${i + 1}`;
        if (known !== undefined) tally.count(known.reason);
        if (fault !== undefined && known === undefined) wrong.push(`${place}: ${fault}`);
        if (fault === undefined && known !== undefined) {
          wrong.push(`${place} is no longer different: ${known.reason}`);
        }
      }
    }
    const different = tally.total;
    tally.end(
      `frames.jsonl over ${over}: ${conversations().length} read, ${ours.length} held here, ${same} the same throughout; of ${steps} steps ${steps - different} the same, ${different} knowingly different`,
      'step',
      wrong,
    );
  });
});
