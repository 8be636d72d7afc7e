/** The arena: one process, in which the first two players ride, and the others watch. */
import type { ProcessContext, ProcessOptions } from 'n2o';
import { atStart, isWay, moved, pointsOf, type Rider, turned } from './_riders.ts';

/** Milliseconds from one move to the next. */
const TICK = 120;
/** Moves that a round waits, before and after. */
const REST = 12;
/** Who comes when there are so many is not told anything. */
const PLAYERS = 16;

/** What players do, by the ids of their clients; and what the clock says. */
export type Said = { join: string } | { leave: string } | { turn: string; way: unknown } | 'tick';

interface Player {
  readonly client: string;
  readonly wins: number;
}

interface Arena {
  readonly players: readonly Player[];
  readonly riders: readonly Rider[];
  /** Moves to wait. */
  readonly rest: number;
  /** Ends the clock, which runs while there are two. */
  readonly stop: (() => void) | undefined;
}

export const arena: ProcessOptions<Arena> = {
  name: 'arena',
  init: () => ({ players: [], ...round(), stop: undefined }),
  async proc(message, before, self) {
    const after = next(message as Said, before);
    if (after === before) return before;
    await show(after, self);
    return { ...after, stop: clock(after, self) };
  },
  terminate: ({ stop }) => stop?.(),
};

function clock({ players, stop }: Arena, { name, services }: ProcessContext): Arena['stop'] {
  if (players.length < 2) {
    stop?.();
    return undefined;
  }
  const { processes, timers } = services;
  const tick = () => {
    // Where one takes long the next is late; they never pile up.
    if (processes.pid(name)?.waiting === 0) processes.cast(name, 'tick' satisfies Said);
  };
  return stop ?? timers.every(TICK, tick);
}

function round(): Pick<Arena, 'riders' | 'rest'> {
  return { riders: atStart(), rest: REST };
}

function next(said: Said, before: Arena): Arena {
  const { players, riders } = before;
  const index = (client: string) => players.findIndex((player) => player.client === client);
  if (said === 'tick') return players.length < 2 ? before : ticked(before);
  if ('turn' in said) {
    const { turn, way } = said;
    if (!isWay(way)) return before;
    const turns = riders.map((rider, i) => (i === index(turn) ? turned(rider, way) : rider));
    return { ...before, riders: turns };
  }
  if ('join' in said) {
    if (index(said.join) >= 0 || players.length === PLAYERS) return { ...before };
    const all = [...players, { client: said.join, wins: 0 }];
    return { ...before, players: all, ...(all.length === 2 && round()) };
  }
  const rode = index(said.leave);
  if (rode < 0) return before;
  return { ...before, players: players.toSpliced(rode, 1), ...(rode < 2 && round()) };
}

function ticked(before: Arena): Arena {
  const { players, riders, rest } = before;
  const winner = winnerOf(riders);
  if (rest > 1) return { ...before, rest: rest - 1 };
  if (rest === 1) {
    if (!isOver(riders)) return { ...before, rest: 0 };
    // Who has lost lets the next one ride.
    const loser = winner === 0 ? 1 : 0;
    const [lost, ...others] = [players[loser] as Player, ...players.toSpliced(loser, 1)];
    const queue = players.length > 2 ? [...others, lost] : players;
    return { ...before, players: queue, ...round() };
  }
  const after = moved(riders);
  if (!isOver(after)) return { ...before, riders: after };
  const won = winnerOf(after);
  const scored = players.map((one, i) => (i === won ? { ...one, wins: one.wins + 1 } : one));
  return { ...before, players: scored, riders: after, rest: 2 * REST };
}

function isOver(riders: readonly Rider[]): boolean {
  return riders.some(({ crashed }) => crashed);
}

/** -1 where both have crashed, or none. */
function winnerOf(riders: readonly Rider[]): number {
  return isOver(riders) ? riders.findIndex(({ crashed }) => !crashed) : -1;
}

/** Tells all who are there how it stands; one who cannot be told keeps nobody from it. */
async function show(now: Arena, { services }: ProcessContext): Promise<void> {
  const { players, riders } = now;
  const trails = riders.map(pointsOf);
  const wins = players.slice(0, 2).map((player) => player.wins);
  const told = players.map(({ client }, i) =>
    services.mq.tell({ client, module: 'game' }, { news: newsFor(i, now), wins, trails }),
  );
  await Promise.allSettled(told);
}

function newsFor(index: number, { players, riders, rest }: Arena): string {
  if (players.length < 2) return 'Nobody else is here: open this page in a second window.';
  const winner = winnerOf(riders);
  const colour = ['blue', 'red'][index];
  if (isOver(riders) && winner < 0) return 'Both have crashed.';
  if (winner >= 0 && winner === index) return 'You have won!';
  if (winner >= 0 && index < 2) return 'You have lost.';
  if (colour === undefined) return 'You watch, and ride when somebody has lost.';
  return rest > 0 ? `You are ${colour}. Get ready!` : `You are ${colour}.`;
}
