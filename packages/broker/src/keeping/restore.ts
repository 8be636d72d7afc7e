/** Puts a broker back to where its store says that it was. */
import type { Router } from '../routing/router.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Archive } from './archive.ts';
import {
  queueOf,
  RECEIPTS,
  RETAINED,
  readPublication,
  readReceipt,
  readSession,
  SENT,
  SESSIONS,
} from './records.ts';

/** Queues that are asked about at once. */
const AT_ONCE = 256;

/** Reads sessions, their receipts and the extent of their queues, and retained messages. @throws N2O_STORE_UNAVAILABLE */
export async function restore(archive: Archive, sessions: Sessions, router: Router): Promise<void> {
  const { store } = archive;
  const sent = new Map<string, number>();
  for await (const entries of store.entries(SENT)) {
    for (const [client, value] of entries) sent.set(client, Number(Buffer.from(value).toString()));
  }
  for await (const entries of store.entries(SESSIONS)) {
    for (let i = 0; i < entries.length; i += AT_ONCE) {
      const some = entries.slice(i, i + AT_ONCE);
      const extents = await Promise.all(some.map(([client]) => store.extent(queueOf(client))));
      some.forEach(([client, value], n) => {
        // A store may say an entry twice.
        const record = sessions.get(client) ? undefined : readSession(value);
        if (record) sessions.restore(client, record, extents[n], sent.get(client) ?? 0);
        // The numbers of an empty queue begin anew.
        if (!extents[n]) archive.journal.remove(SENT, client);
      });
    }
  }
  for await (const entries of store.entries(RECEIPTS)) {
    for (const [field] of entries) {
      const { client, id } = readReceipt(field);
      sessions.get(client)?.restoreReceipt(id);
    }
  }
  sessions.restored();
  for await (const entries of store.entries(RETAINED)) {
    for (const [, value] of entries) {
      const message = readPublication(value);
      if (message) router.retained.store(message);
    }
  }
}
