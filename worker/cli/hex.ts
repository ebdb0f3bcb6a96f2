/**
 * Addresses and hashes as people write them on a command line.
 *
 * @module
 */

/** Whether a text is 32 bytes in hexadecimal digits, with or without `0x`. */
export function isHash(text: string): boolean {
  return /^(0x)?[0-9a-fA-F]{64}$/.test(text);
}
