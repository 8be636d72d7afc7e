/** Where a broker listens, and how it says who it is. */
import { port, text, word } from '../config/kinds.ts';
import { option, optional } from './option.ts';

const file = text('the path of a file');

export const listening = {
  host: option(text('a name or an address'), '127.0.0.1', 'Where the server listens.'),
  mqttPort: option(port, 1_883, 'The port for MQTT; 0 picks a free one.'),
  mqttsPort: option(port, 'off', 'The port for MQTT over TLS; it is mostly 8883.'),
  httpPort: option(
    port,
    8_000,
    'The port for HTTP and for MQTT over WebSocket; 0 picks a free one.',
    '8000; of n2o vnode off',
  ),
  httpsPort: option(port, 'off', 'The port for the same over TLS.'),
  tlsCert: optional(
    file,
    'The certificate of the ports for TLS, in PEM; behind it those that lead to its authority.',
    'needed for these ports',
  ),
  tlsKey: optional(file, 'The key of the certificate, in PEM.', 'needed for these ports'),
  tlsCa: optional(
    file,
    'The authorities whose clients are believed, in PEM.',
    'clients show no certificate',
  ),
  tlsClientAuth: optional(
    word(['none', 'optional', 'required']),
    'Whether clients show a certificate; one that is shown must be good.',
    'required where there is tlsCa, else none',
  ),
};
