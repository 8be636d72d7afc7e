/** A broker under attack, and a client beside it that behaves well and wants its answers all the time. */
import { createBroker } from '@n2o/broker';
import { type Started, type StartOptions, startBroker } from '../support/broker.ts';
import { echo } from '../support/link.ts';
import { connect, publish } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { CLIENT } from './clients.ts';
import type { Case } from './verdict.ts';

export interface Stage extends Started {
  /** Asks as the well-behaved client; throws when anything but the answer comes. */
  unharmed(): Promise<void>;
  /** Plays a case on a fresh connection; returns what it heard, and whether it was closed. */
  play(one: Case, connected: boolean): Promise<{ hears: string[]; stays: boolean }>;
  close(): Promise<void>;
}

export async function setStage(options: StartOptions = {}): Promise<Stage> {
  const started = await startBroker(createBroker, options);
  const { broker, link, open, join } = started;
  link.answer = (event) => {
    link.events.length = 0;
    echo(event);
  };
  const witness = await join('witness');
  let asked = 0;
  const unharmed = async () => {
    const question = `question ${asked++}`;
    witness.say(publish('events/1//echo/witness', question, { qos: asked % 2, id: 1 }));
    const [first, second] = (await answersOf(witness)).sort();
    const answer = `PUBLISH actions/1/echo/witness ${question}`;
    const right = asked % 2 ? first === 'PUBACK 1' && second?.startsWith(answer) : first === answer;
    if (!right) throw new Error(`the witness asked "${question}" and heard: ${first}, ${second}`);
  };
  const play = async ({ says, stays }: Case, connected: boolean) => {
    const peer = await open();
    if (connected) {
      peer.say(connect(CLIENT));
      await peer.next();
    }
    peer.say(...says);
    if (!stays) return { hears: await peer.last(), stays: false };
    const hears = await peer.rest();
    await peer.drop();
    return { hears, stays: true };
  };
  return { ...started, unharmed, play, close: () => broker.close(0) };
}

/** All up to the answer of a PINGREQ; acknowledges what it gets. */
function answersOf(peer: Peer): Promise<string[]> {
  peer.acknowledges = true;
  return peer.rest();
}
