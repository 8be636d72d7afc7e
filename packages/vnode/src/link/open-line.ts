/** Opens a line: socket, CONNECT, CONNACK. */

import { dial, type Endpoint } from './endpoint.ts';
import type { Introduction } from './introduction.ts';
import { Line, type LineOwner } from './line.ts';

export interface LineOptions extends Omit<Introduction, 'username' | 'password'> {
  readonly endpoint: Endpoint;
  /** Milliseconds that CONNACK may take. */
  readonly connectTimeout: number;
  /** Largest packet that is taken in whole, in bytes. */
  readonly packetLimit: number;
}

/** What all lines of a host have in common. */
export type LineSettings = Omit<LineOptions, 'client' | 'clean' | 'will'>;

/**
 * Connects. Nothing is read from the line before `resume`.
 * @param signal gives it up
 * @throws N2O_LINK_CONNECT, N2O_LINK_REFUSED, N2O_LINK_PACKET
 */
export async function openLine(
  { endpoint, connectTimeout, packetLimit, ...introduction }: LineOptions,
  owner: LineOwner,
  signal?: AbortSignal,
): Promise<Line> {
  const { username, password, shown } = endpoint;
  const line = new Line(dial(endpoint), { shown, packetLimit }, owner);
  const drop = () => line.drop();
  const late = setTimeout(
    () => line.fail('N2O_LINK_CONNECT', 'gave no CONNACK in time'),
    connectTimeout,
  );
  signal?.addEventListener('abort', drop);
  try {
    await line.introduce({ ...introduction, username, password });
    return line;
  } catch (error) {
    line.drop();
    throw error;
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', drop);
  }
}
