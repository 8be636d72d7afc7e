/** The load generator, for tests that are written in TypeScript. */
export interface Generator {
  readonly command: string[];
  readonly name: string;
}

export function chooseGenerator(): Generator;

export function startLoad(
  generator: Generator,
  port: number,
  options: Record<string, string | number | boolean>,
): { readonly result: Promise<Record<string, number>>; readonly stop: () => void };
