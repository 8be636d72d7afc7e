/** Loaded into a process that is to be weighed from outside: says how much memory it needs when it is asked. */

/** How often garbage is collected: what is closed is let go of in turns of the event loop. */
const ROUNDS = 3;

process.on('message', async () => {
  for (let i = 0; i < ROUNDS; i++) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  process.send({ resident: rss, needed: heapUsed + arrayBuffers });
});
// Being asked is no reason to stay.
process.channel.unref();
