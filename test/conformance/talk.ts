/** What clients say to each other in this suite, said to the end and heard to the end. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { DISCONNECT, type PublishOptions, publish, pubrel, subscribe } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import type { Meeting } from './stage.ts';

/** A message: topic, payload, and how it is sent; its packet identifier is chosen for it. */
export type Said = readonly [
  topic: string,
  payload?: string,
  how?: Pick<PublishOptions, 'qos' | 'retain'>,
];

/** Everyone who subscribes here hears the mark, behind all that came before it. */
const MARK = 'mark';

/** Publishes messages, all at once; resolves when each is acknowledged as its quality asks. */
export async function tell(speaker: Peer, ...messages: readonly Said[]): Promise<void> {
  const packets = messages.map(([topic, payload, how], i) =>
    publish(topic, payload, { ...how, id: i + 1 }),
  );
  speaker.say(...packets);
  let left = messages.filter(([, , how]) => how?.qos).length;
  while (left > 0) {
    const line = await speaker.next();
    const [what, id] = line.split(' ');
    if (what === 'PUBREC') speaker.say(pubrel(Number(id)));
    else if (what === 'PUBACK' || what === 'PUBCOMP') left--;
    else throw new Error(`${line}, in place of an acknowledgement`);
  }
}

/** Subscribes, and to the mark as well; each filter is granted as asked for. */
export async function listen(
  peer: Peer,
  ...filters: readonly (readonly [string, number])[]
): Promise<void> {
  peer.say(subscribe(0x7001, ...filters, [MARK, 0]));
  const granted = [...filters.map(([, qos]) => qos), 0];
  expect(await peer.next()).toBe(`SUBACK ${0x7001} ${JSON.stringify(granted)}`);
}

/** A client that listens, and one that speaks. */
export async function pair(
  { join }: Meeting,
  ...filters: readonly (readonly [string, number])[]
): Promise<{ listener: Peer; speaker: Peer }> {
  const [listener, speaker] = [await join('listener'), await join('speaker')];
  await listen(listener, ...filters);
  return { listener, speaker };
}

/**
 * All that a peer hears up to now, identifiers left out: what the speaker said before, and what
 * others were acknowledged for. Its own mark tells that nothing is under way any more.
 */
export async function heard(listener: Peer, speaker: Peer): Promise<string[]> {
  const mark = randomUUID();
  speaker.say(publish(MARK, mark));
  const lines: string[] = [];
  for (;;) {
    const line = await listener.next();
    if (line.includes(mark)) return lines;
    // Marks of others are nothing to hear.
    if (!line.startsWith(`PUBLISH ${MARK} `)) lines.push(plain(line));
  }
}

/** A line without its packet identifier: which one it is, is the broker's affair. */
export function plain(line: string): string {
  return line.replace(/ #\d+/, '');
}

/** The packet identifier of a line. */
export function idOf(line: string): number {
  return Number(/(?: #|^PUB\w+ )(\d+)/.exec(line)?.[1]);
}

/** What a newcomer finds retained under a filter. */
export async function retained(
  { join }: Meeting,
  speaker: Peer,
  filter: string,
  qos = 2,
): Promise<string[]> {
  const newcomer = await join(`newcomer-${randomUUID()}`);
  await listen(newcomer, [filter, qos]);
  const lines = await heard(newcomer, speaker);
  await newcomer.drop();
  return lines;
}

/** A client has a session that is kept, with these subscriptions, and goes away. */
export async function leaveBehind(
  { join }: Meeting,
  client: string,
  ...filters: readonly (readonly [string, number])[]
): Promise<void> {
  const peer = await join(client, { clean: false });
  await listen(peer, ...filters);
  await goodbye(peer);
}

/** Says DISCONNECT; resolves when the broker knows that the client is away. */
export async function goodbye(peer: Peer): Promise<void> {
  peer.say(DISCONNECT);
  await peer.closed;
}
