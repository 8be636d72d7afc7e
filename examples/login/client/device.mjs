/**
 * A device that logs in with the token that the page at /app/login has made for it.
 *
 *   node examples/login/client/device.mjs TOKEN [mqtt://127.0.0.1:1883]
 */
import { connect } from '@n2o/client';

const [token, url = 'mqtt://127.0.0.1:1883'] = process.argv.slice(2);
const client = await connect(url);
const session = await client.call('login', `LOGIN,${token}`);
await client.call('login', `N2O,${session.token}`);
console.log(`The server knows this device as ${await client.rpc('login').whoami()}.`);
await client.close();
