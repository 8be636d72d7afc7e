/** BERT against JSON with base64, on the message that a page of N2O sends when a button is pressed. */
import { isDeepStrictEqual } from 'node:util';
import { atom, binary, createFormatters, Io, tuple } from '@n2o/shared';

const ROUNDS = 41;
const CALLS = 4_000;

const { bert, json } = createFormatters();

const pickled = Uint8Array.from({ length: 200 }, (_, i) => (i * 37) & 255);

/** {pickle, Source, Pickled, [{{Source, detail}, []}, {user, …}, {pass, …}]} */
const pickle = tuple(atom('pickle'), binary('loginButton'), pickled, [
  tuple(tuple(binary('loginButton'), binary('detail')), []),
  tuple(atom('user'), binary('maxim')),
  tuple(atom('pass'), binary('secret')),
]);

/** The same in JSON, with the bytes as base64. */
function writeJson() {
  const message = {
    name: 'pickle',
    source: 'loginButton',
    pickled: Buffer.from(pickled.buffer).toString('base64'),
    linked: [{ source: 'loginButton', detail: [] }, { user: 'maxim' }, { pass: 'secret' }],
  };
  return Buffer.from(JSON.stringify(message));
}

function readJson(bytes) {
  const message = JSON.parse(bytes.toString());
  message.pickled = Buffer.from(message.pickled, 'base64');
  return message;
}

const io = new Io(binary(`qi('history').innerHTML='${'x'.repeat(250)}';`), binary('ok'));
const plain = { set: 21.5, unit: 'C', on: true, history: [20.5, 21, 21.25] };

const pickleBytes = bert.encode(pickle);
const pickleJson = writeJson();
const ioBytes = bert.encode(io);
const plainBytes = json.encode(plain);

if (!isDeepStrictEqual(bert.decode(pickleBytes), pickle)) process.exit(1);
if (!isDeepStrictEqual(new Uint8Array(readJson(pickleJson).pickled), pickled)) process.exit(1);

/** Each is called in turn, round by round, so that all of them see the same machine. */
const cases = {
  'pickle, decode, BERT': () => bert.decode(pickleBytes),
  'pickle, decode, JSON + base64': () => readJson(pickleJson),
  'pickle, encode, BERT': () => bert.encode(pickle),
  'pickle, encode, JSON + base64': () => writeJson(),
  'io, decode, BERT': () => bert.decode(ioBytes),
  'io, encode, BERT': () => bert.encode(io),
  'plain, decode, json formatter': () => json.decode(plainBytes),
  'plain, decode, JSON.parse': () => JSON.parse(Buffer.from(plainBytes).toString()),
  'plain, encode, json formatter': () => json.encode(plain),
  'plain, encode, JSON.stringify': () => Buffer.from(JSON.stringify(plain)),
};

/** @type {Record<string, number[]>} */
const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
let sink;
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, call] of Object.entries(cases)) {
    const start = performance.now();
    for (let i = 0; i < CALLS; i++) sink = call();
    times[name].push(((performance.now() - start) / CALLS) * 1_000);
  }
}
if (sink === undefined) process.exit(1);

const median = (name) => times[name].sort((a, b) => a - b)[ROUNDS >> 1];

console.log(`pickle: ${pickleBytes.length} bytes in BERT, ${pickleJson.length} in JSON + base64`);
for (const name of Object.keys(times)) {
  console.log(`${name.padEnd(32)} ${median(name).toFixed(3)} µs, median of ${ROUNDS} rounds`);
}
const ratio = (verb) => median(`pickle, ${verb}, JSON + base64`) / median(`pickle, ${verb}, BERT`);
console.log(`BERT is ${ratio('decode').toFixed(2)} × as fast to decode as JSON + base64`);
console.log(`BERT is ${ratio('encode').toFixed(2)} × as fast to encode as JSON + base64`);
