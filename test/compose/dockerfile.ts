/** The Dockerfile, read into its stages. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './file.ts';

export interface Instruction {
  /** In capitals: `COPY`, `RUN`. */
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** What an image says of how it is run. */
export interface Image {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly stopSignal: NodeJS.Signals;
  readonly health: readonly string[];
}

export async function readDockerfile(): Promise<readonly Stage[]> {
  const text = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
  const stages: { base: string; instructions: Instruction[] }[] = [];
  for (const line of text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')) {
    const [, name = '', rest = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push({ base: rest, instructions: [] });
    else if (name !== '') stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** How the image of the last stage is run. */
export function imageOf(stages: readonly Stage[]): Image {
  const { instructions } = stages.at(-1) as Stage;
  const said = (name: string) => instructions.filter((one) => one.name === name).at(-1)?.text;
  const list = (text: string | undefined) => JSON.parse(text ?? '[]') as string[];
  const settings = instructions.filter(({ name }) => name === 'ENV').map(({ text }) => text);
  return {
    entrypoint: list(said('ENTRYPOINT')),
    command: list(said('CMD')),
    environment: Object.fromEntries(settings.map((text) => text.split('=') as [string, string])),
    user: said('USER'),
    stopSignal: said('STOPSIGNAL') as NodeJS.Signals,
    health: list(/\[.*\]/.exec(said('HEALTHCHECK') ?? '')?.[0]),
  };
}
