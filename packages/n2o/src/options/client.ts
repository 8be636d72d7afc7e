/** What the commands that are clients of a broker take. */
import { FORMATS } from '@n2o/shared';
import { duration, level, qos, text, toggle, url, whole, word } from '../config/kinds.ts';
import { option, optional } from './option.ts';

export const client = {
  url: optional(
    url(['mqtt', 'mqtts', 'ws', 'wss']),
    'The broker that call, pub and sub connect to.',
    'made of host and mqttPort',
  ),
  id: optional(level, 'The client id.', 'a random one'),
  timeout: option(duration, 10_000, 'How long to wait for the connection, and for the reply.'),
  qos: option(qos, 1, 'The quality of service of what is sent, or subscribed to.'),
  format: optional(
    word(FORMATS),
    'How the message of a call is written.',
    'json where it is JSON, else text',
  ),
  retain: option(toggle, false, 'Have the broker keep the message for those who subscribe later.'),
  count: optional(whole(1), 'End after so many messages.', 'go on until interrupted'),
  verbose: option(toggle, false, 'Print the topic in front of each message.'),
  module: optional(level, 'The module whose messages are to be logged so.', 'all'),
  client: optional(text('a client id'), 'The client whose messages are to be logged so.', 'all'),
  messages: option(whole(1), 5_000, 'Messages that the doctor has a broker queue for a client.'),
  json: option(toggle, false, 'Print what the doctor finds as lines of JSON.'),
};
