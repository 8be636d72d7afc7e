/** The MQTT 3.1.1 packets that a load generator sends and reads, written for speed and for nothing else. */
const PROTOCOL = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4]);
const CLEAN = 2;
const KEEPALIVE_S = 120;

/** CONNECT without user and password. */
export function connect(id, clean) {
  const rest = Buffer.from([clean ? CLEAN : 0, KEEPALIVE_S >> 8, KEEPALIVE_S & 255]);
  return packet(0x10, [PROTOCOL, rest, text(id)]);
}

/** SUBSCRIBE to one filter; its packet id is 1. */
export function subscribe(filter, qos) {
  return packet(0x82, [Buffer.from([0, 1]), text(filter), Buffer.from([qos])]);
}

/** A PUBLISH to fill in: where its packet id (if it has one) and its payload begin, and its bytes. */
export function publish(topic, qos, size) {
  const id = Buffer.alloc(qos > 0 ? 2 : 0);
  const bytes = packet(0x30 | (qos << 1), [text(topic), id, Buffer.alloc(size, 'x')]);
  return { bytes, payloadAt: bytes.length - size, idAt: bytes.length - size - 2 };
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP, by its first byte, for the packet id that is at an offset. */
export function acknowledgement(first, from, at) {
  return Buffer.from([first, 2, from[at], from[at + 1]]);
}

function text(string) {
  const bytes = Buffer.from(string);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function packet(first, parts) {
  const head = [first];
  let length = parts.reduce((sum, part) => sum + part.length, 0);
  do {
    head.push((length & 127) | (length > 127 ? 128 : 0));
    length >>= 7;
  } while (length > 0);
  return Buffer.concat([Buffer.from(head), ...parts]);
}

/** Cuts a stream into packets: call with a chunk, `take` gets the first byte, the bytes, and where the body lies. */
export function frames(take) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      let length = 0;
      let body = at + 1;
      let more = 128;
      for (let shift = 0; more & 128 && body < bytes.length; shift += 7) {
        more = bytes[body++];
        length |= (more & 127) << shift;
      }
      if (more & 128 || body + length > bytes.length) break;
      take(bytes[at], bytes, body, body + length);
      at = body + length;
    }
    rest = bytes.subarray(at);
  };
}
