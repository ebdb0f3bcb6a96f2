/**
 * CIDR prefixes: sets of addresses of one family.
 *
 * IPv4 and IPv6 never match each other: `::ffff:10.0.0.1` is not in `10.0.0.0/8`, so a mapped
 * address cannot borrow a grant.
 *
 * @module
 */
import { parseAddress } from "./address.ts";

export interface Prefix {
  /** 4 or 16 bytes; the bits after `length` are zero. */
  readonly address: Uint8Array;
  /** Bits that must agree. */
  readonly length: number;
}

/** `10.0.0.0/8`, `fd00::/8`, or one address. Bits after the prefix must be zero. */
export function parsePrefix(untrustedText: string): Prefix | undefined {
  const slash = untrustedText.indexOf("/");
  const address = parseAddress(slash < 0 ? untrustedText : untrustedText.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = address.length * 8;
  const lengthText = slash < 0 ? String(bits) : untrustedText.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(lengthText)) return undefined;
  const length = Number(lengthText);
  if (length > bits) return undefined;
  return hasBitsAfter(address, length) ? undefined : { address, length };
}

/** Whether the address is of the prefix's family and begins with its bits. */
export function contains(prefix: Prefix, address: Uint8Array): boolean {
  if (address.length !== prefix.address.length) return false;
  for (let bit = 0; bit < prefix.length; bit++) {
    if (bitAt(address, bit) !== bitAt(prefix.address, bit)) return false;
  }
  return true;
}

function hasBitsAfter(address: Uint8Array, length: number): boolean {
  for (let bit = length; bit < address.length * 8; bit++) {
    if (bitAt(address, bit) !== 0) return true;
  }
  return false;
}

function bitAt(address: Uint8Array, bit: number): number {
  return ((address[bit >> 3] as number) >> (7 - (bit & 7))) & 1;
}
