/**
 * A room with a heater: says each second how warm it is, and heats when it is told to.
 *
 *   node examples/thermostat/client/device.mjs [dev1 [mqtt://127.0.0.1:1883]]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from '@n2o/client';

const [id = 'dev1', url = 'mqtt://127.0.0.1:1883'] = process.argv.slice(2);

// The server says this for the device when its connection is gone.
const topic = `events/1//thermostat/${id}`;
const will = { topic, payload: Buffer.from('BYE'), qos: 1, retain: false };
const client = await connect(url, { id, will });

let celsius = 17;
let heating = false;

// The target was set from the page.
client.on('action', ({ value }) => {
  heating = value.heating;
});

for (;;) {
  celsius += (heating ? 0.3 : -0.2) + (Math.random() - 0.5) / 10;
  const measured = Math.round(celsius * 10) / 10;
  try {
    const { target, ...state } = await client.call('thermostat', { measured });
    heating = state.heating;
    console.log(`${measured} °C, to reach ${target} °C${heating ? ': heating' : ''}`);
  } catch (error) {
    console.error(error.message);
  }
  await wait(1_000);
}
