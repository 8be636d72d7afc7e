/** The numbered statements of MQTT 3.1.1, and why some of them have no test. */

/** Section → how many statements it has. */
const SECTIONS: Readonly<Record<string, number>> = {
  '1.5.3': 3,
  '2.2.2': 2,
  '2.3.1': 7,
  '3.1.0': 2,
  '3.1.2': 24,
  '3.1.3': 11,
  '3.1.4': 5,
  '3.2.0': 1,
  '3.2.2': 6,
  '3.3.1': 12,
  '3.3.2': 3,
  '3.3.4': 1,
  '3.3.5': 2,
  '3.6.1': 1,
  '3.8.1': 1,
  '3.8.3': 4,
  '3.8.4': 6,
  '3.9.3': 2,
  '3.10.1': 1,
  '3.10.3': 2,
  '3.10.4': 6,
  '3.12.4': 1,
  '3.14.1': 1,
  '3.14.4': 3,
  '4.1.0': 2,
  '4.3.1': 1,
  '4.3.2': 2,
  '4.3.3': 2,
  '4.4.0': 1,
  '4.5.0': 2,
  '4.6.0': 6,
  '4.7.1': 3,
  '4.7.2': 1,
  '4.7.3': 4,
  '4.8.0': 2,
  '6.0.0': 4,
  '7.0.0': 2,
  '7.1.1': 1,
  '7.1.2': 1,
};

/** Two of them are printed with other punctuation. */
const PRINTED: Readonly<Record<string, string>> = {
  'MQTT-3.1.2-7': 'MQTT-3.1.2.7',
  'MQTT-3.8.3-4': 'MQTT-3-8.3-4',
};

/** All of them, as they are printed. */
export const STATEMENTS: readonly string[] = Object.entries(SECTIONS).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, i) => {
    const name = `MQTT-${section}-${i + 1}`;
    return PRINTED[name] ?? name;
  }),
);

/** Those without a test: why none can be made from outside, or why none is needed. */
export const UNTESTED: Readonly<Record<string, string>> = {
  'MQTT-2.3.1-2': 'of clients; what it means for servers is MQTT-2.3.1-4',
  'MQTT-3.1.2-23': 'of clients: they say PINGREQ in time',
  'MQTT-3.2.2-6': 'there is a return code for every refusal of this broker',
  'MQTT-3.8.3-2': 'of servers without wildcards in filters; this one has them',
  'MQTT-3.14.4-1': 'of clients: they close the connection behind DISCONNECT',
  'MQTT-4.5.0-2': 'of clients: they acknowledge what they do not want as well',
  'MQTT-4.7.3-3': 'the length of a string has two bytes: no longer one can be said',
  'MQTT-4.8.0-2': 'a transient error in handling a packet cannot be brought about from outside',
  'MQTT-6.0.0-3': 'of clients: they offer the subprotocol',
  'MQTT-7.0.0-1': 'of servers that are clients of other servers; this one is not',
  'MQTT-7.0.0-2': 'no test of this suite uses an extension: all of them show it',
  'MQTT-7.1.1-1': 'all tests of this suite go over TCP, some over WebSocket',
  'MQTT-7.1.2-1': 'of clients: they use such a transport',
};
