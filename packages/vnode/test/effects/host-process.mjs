/** A host in a process of its own, with its effects in a folder; takes events from its parent, and answers with their outcomes. */
import { fileURLToPath } from 'node:url';
import { openStore } from '@n2o/store';
import { createHost } from '@n2o/vnode';

/** The folder of the modules, and that of the store. */
const [app, folder] = process.argv.slice(2);
const quiet = () => {};
const shared = fileURLToPath(import.meta.resolve('@n2o/shared'));
const store = await openStore(folder);
const host = await createHost({
  folder: app,
  workers: 2,
  store,
  alias: { n2o: shared },
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
});
process.on('message', ({ ticket, route, text }) => {
  host.deliver({
    route,
    payload: Buffer.from(text),
    qos: 1,
    dup: false,
    settle: (outcome, bytes) =>
      process.send?.({ ticket, outcome, text: bytes && Buffer.from(bytes).toString() }),
  });
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
