/** The rules: riders leave trails behind them, and crash into trails and borders. */
export const WIDTH = 48;
export const HEIGHT = 28;

const STEPS = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] } as const;

export type Way = keyof typeof STEPS;

type Cell = readonly [x: number, y: number];

export interface Rider {
  readonly way: Way;
  /** The last one is where it is. */
  readonly trail: readonly Cell[];
  readonly crashed: boolean;
}

export function isWay(way: unknown): way is Way {
  return typeof way === 'string' && Object.hasOwn(STEPS, way);
}

/** Two riders, who face each other on rows of their own. */
export function atStart(): readonly Rider[] {
  return [
    {
      way: 'right',
      trail: [
        [4, HEIGHT / 2 - 4],
        [5, HEIGHT / 2 - 4],
      ],
      crashed: false,
    },
    {
      way: 'left',
      trail: [
        [WIDTH - 5, HEIGHT / 2 + 4],
        [WIDTH - 6, HEIGHT / 2 + 4],
      ],
      crashed: false,
    },
  ];
}

/** Turns a rider; it cannot turn around. */
export function turned(rider: Rider, way: Way): Rider {
  const neck = rider.trail.at(-2);
  return String(ahead({ ...rider, way })) === String(neck) ? rider : { ...rider, way };
}

/** All riders one cell further; who crashes stays where it was. */
export function moved(riders: readonly Rider[]): readonly Rider[] {
  const heads = riders.map(ahead);
  const walls = new Set(riders.flatMap(({ trail }) => trail.map(String)));
  return riders.map((rider, own) => {
    const head = heads[own] as Cell;
    const meets = heads.some((other, i) => i !== own && String(other) === String(head));
    return meets || isOutside(head) || walls.has(String(head))
      ? { ...rider, crashed: true }
      : { ...rider, trail: [...rider.trail, head] };
  });
}

/** The points of a line along a trail: its ends and its corners. */
export function pointsOf({ trail }: Rider): string {
  const isCorner = (_: Cell, i: number) => {
    const [before, after] = [trail[i - 1], trail[i + 1]];
    return !before || !after || (before[0] !== after[0] && before[1] !== after[1]);
  };
  return trail.filter(isCorner).join(' ');
}

function ahead({ trail, way }: Rider): Cell {
  const [x, y] = trail.at(-1) as Cell;
  const [right, down] = STEPS[way];
  return [x + right, y + down];
}

function isOutside([x, y]: Cell): boolean {
  return x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT;
}
