/** How a vnode host finds its broker, and who it is there. */
import { hostname } from 'node:os';
import { level, text, toggle, url, whole } from '../config/kinds.ts';
import { option, optional } from './option.ts';

const file = text('the path of a file');

export const remote = {
  broker: option(
    url(['mqtt', 'mqtts']),
    'mqtt://127.0.0.1:1883',
    'The broker whose events the host handles.',
  ),
  name: option(
    level,
    hostname(),
    'What the host is called, in its cluster by it alone.',
    'the name of the machine',
  ),
  brokerCa: optional(
    file,
    'The authorities of the certificate of the broker, in PEM.',
    'those that Node.js knows',
  ),
  brokerCert: optional(file, 'The certificate to show to the broker, in PEM.', 'none is shown'),
  brokerKey: optional(file, 'The key of this certificate, in PEM.', 'none'),
  brokerInsecure: option(toggle, false, 'Believe any certificate of the broker; only for trials.'),
  vnodeWindow: option(whole(1, 65_535), 16_384, 'Events of one vnode that the host has at once.'),
};
