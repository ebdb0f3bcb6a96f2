const MESSAGE_BYTES = 1024;

/** Hashes a message `rounds` times, each digest standing at the start of the next; gives the last one's first word. */
export function chain(rounds: u32, hash: (message: Uint8Array) => StaticArray<u8>): u32 {
  const message = new Uint8Array(MESSAGE_BYTES);
  for (let i = 0; i < MESSAGE_BYTES; i++) message[i] = <u8>i;
  for (let round: u32 = 0; round < rounds; round++) {
    const digest = hash(message);
    for (let i = 0; i < digest.length; i++) message[i] = digest[i];
  }
  return bswap<u32>(load<u32>(message.dataStart));
}
