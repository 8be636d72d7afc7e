/** What a broker takes on: its bounds, when it says that something is done, and to whom. */
import { duration, period, size, toggle, whole, word } from '../config/kinds.ts';
import { option } from './option.ts';

const MiB = 1_048_576;
const DAY = 86_400_000;

export const bounds = {
  ack: option(
    word(['processed', 'stored']),
    'processed',
    'What the acknowledgement of an event means: it was handled, or it is kept for its vnode.',
  ),
  privateActions: option(
    toggle,
    false,
    'Clients of MQTT get their own actions only, not those of others that they subscribe to.',
  ),
  hostPatience: option(duration, 30_000, 'How long an event waits for a vnode host.'),
  queueLength: option(whole(1), 250_000, 'Messages that wait for one client that is away.'),
  queueBytes: option(size(), 256 * MiB, 'How much they may take.'),
  queueAge: option(period, 7 * DAY, 'How long they wait.'),
  queueFull: option(
    word(['oldest', 'refuse']),
    'oldest',
    'What is dropped beyond that: the oldest message, or the new one.',
  ),
  sessionLifetime: option(
    period,
    30 * DAY,
    'How long the session of a client that is away is kept.',
  ),
  keptSessions: option(whole(0), 100_000, 'Sessions of clients that are away.'),
  maxPacketSize: option(size(256 * MiB), MiB, 'The largest MQTT packet.'),
  maxConnections: option(whole(1), 100_000, 'Connections at once.'),
  inflightPerClient: option(whole(1, 65_535), 1_024, 'Unanswered events of one client.'),
  inflightPerVnode: option(whole(1), 16_384, 'Unanswered events of one vnode.'),
  replyMemoryCount: option(
    whole(0, 65_535),
    1_024,
    'Replies that are remembered for one client, in case it repeats its events.',
  ),
  replyMemoryTtl: option(duration, 60_000, 'How long they are remembered.'),
  replyMemoryBytes: option(size(), 64 * MiB, 'How much all of them may take.'),
  topicLevels: option(whole(4, 100), 32, 'Levels of a topic.'),
  topicLength: option(size(65_535), 1_024, 'The length of a topic, and of a client id.'),
  connectTimeout: option(duration, 10_000, 'How long a connection may take to say CONNECT.'),
  outputLimit: option(size(), 4 * MiB, 'What may wait for a connection that does not read.'),
};
