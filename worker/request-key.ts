/**
 * Request ids as map keys: one character per byte, half the size of hex.
 *
 * @module
 */

export function requestKey(requestId: Uint8Array): string {
  return Buffer.from(requestId.buffer, requestId.byteOffset, requestId.length).toString("latin1");
}
