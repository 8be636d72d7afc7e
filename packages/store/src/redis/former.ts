/** Ends, on the server, the connection that was before this one. */
import type { Redis } from 'ioredis';

/** Which connection, of which run of the server. */
export interface Identity {
  readonly id: number;
  readonly run: string;
}

/**
 * What a broken connection had sent may still lie in buffers on its way, and would be made after
 * what the new connection is going to say. The server forgets it together with the old connection.
 * Numbers begin anew with each run of a server. Where this is not allowed, it is left undone.
 * @returns who this connection is
 */
export async function endFormer(
  client: Redis,
  former: Identity | undefined,
): Promise<Identity | undefined> {
  try {
    const id = await client.client('ID');
    const run = /^run_id:(\w+)/m.exec(await client.info('server'))?.[1] ?? '';
    if (former && former.run === run && former.id !== id)
      await client.client('KILL', 'ID', former.id);
    return { id, run };
  } catch {
    return former;
  }
}
