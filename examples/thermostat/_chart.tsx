/** What a device has measured, as a drawing: the server makes it, the page shows it. */
import type { Content } from 'n2o';
import { HIGHEST, LOWEST, POINTS, type Point } from './_device.ts';

const WIDTH = 600;
const HEIGHT = 160;

const LINES = [10, 15, 20, 25];

export function Chart({ points }: { readonly points: readonly Point[] }): Content {
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="Temperature">
      {LINES.map((celsius) => (
        <g class="line">
          <line x1={0} x2={WIDTH} y1={y(celsius)} y2={y(celsius)} />
          <text x={2} y={y(celsius) - 3}>{`${celsius} °C`}</text>
        </g>
      ))}
      <polyline class="target" points={line(points.map(({ target }) => target))} />
      <polyline class="measured" points={line(points.map(({ measured }) => measured))} />
    </svg>
  );
}

/** The newest is at the right. */
function line(values: readonly number[]): string {
  const x = (i: number) => WIDTH * (1 - (values.length - 1 - i) / (POINTS - 1));
  return values.map((celsius, i) => `${x(i).toFixed(1)},${y(celsius).toFixed(1)}`).join(' ');
}

function y(celsius: number): number {
  const part = (celsius - LOWEST) / (HIGHEST - LOWEST);
  return HEIGHT * (1 - Math.min(1, Math.max(0, part)));
}
