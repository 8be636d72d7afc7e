/**
 * A device in a few lines: counts on the server, by remote procedure calls.
 *
 *   npm start                                in one terminal
 *   node examples/counter/client/count.mjs   in another
 */
import { connect } from '@n2o/client';

const client = await connect(process.argv[2] ?? 'mqtt://127.0.0.1:1883');
/** @type {import('@n2o/client').Remote<typeof import('../counter.ts').default>} */
const counter = client.rpc('counter');

for (let by = 1; by <= 3; by++) console.log(`added ${by}: ${await counter.add({ by })}`);
console.log(`the count is ${await counter.value()}`);
await client.close();
