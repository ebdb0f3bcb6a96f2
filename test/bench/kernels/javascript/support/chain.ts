/**
 * A chain of hashes, each digest standing at the start of the next message.
 *
 * @module
 */
const MESSAGE_BYTES = 1024;

/** Gives the first word of the last digest. */
export function chain(rounds: number, hash: (message: Uint8Array) => Uint8Array): number {
  const message = new Uint8Array(MESSAGE_BYTES);
  for (let i = 0; i < MESSAGE_BYTES; i++) message[i] = i;
  for (let round = 0; round < rounds; round++) message.set(hash(message));
  return new DataView(message.buffer).getUint32(0);
}
