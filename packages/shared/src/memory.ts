/** Memory of large messages: given back as soon as they are done with, and not when the collector comes by. */

/** Bytes; what is smaller the collector frees at less cost. */
const WORTH = 16_384;

/** Nobody listens there: what is handed over is freed at once. */
const nowhere = /* @__PURE__ */ deadEnd();

/**
 * Frees the memory under some bytes, and all of it: whoever has another view of it finds that empty.
 * So nobody may, neither now nor later. V8 takes such memory for growth of its heap and marks all of
 * that every few MiB, which at the pace of an upload costs more than the upload.
 */
export function discard({ buffer }: Uint8Array): void {
  if (buffer.byteLength < WORTH || !(buffer instanceof ArrayBuffer)) return;
  try {
    nowhere.postMessage(undefined, [buffer]);
  } catch {
    // Memory that cannot be given away, such as a pool of Node's or of WebAssembly: from Node 21 on that throws.
  }
}

function deadEnd(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
