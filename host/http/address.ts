/**
 * IP addresses: from text to bytes and back, in exactly one form each.
 *
 * Forms that other parsers accept for the same address (`127.1`, `0x7f.1`, `017700000001`, zone
 * ids) are not addresses here, so nothing can mean one machine to the check and another to the
 * connection.
 *
 * @module
 */

/** Characters of the longest form, eight groups with an IPv4 tail. */
const TEXT_LENGTH_MAX = 45;
const GROUPS = 8;

/** Bytes of an address, 4 or 16, or nothing when the text is not one. */
export function parseAddress(untrustedText: string): Uint8Array | undefined {
  if (untrustedText.length > TEXT_LENGTH_MAX) return undefined;
  return untrustedText.includes(":") ? parseIPv6(untrustedText) : parseIPv4(untrustedText);
}

/** Canonical text: dotted decimal, or RFC 5952 §4. @param address - 4 or 16 bytes. */
export function formatAddress(address: Uint8Array): string {
  if (address.length === 4) return address.join(".");
  const groups: number[] = [];
  for (let i = 0; i < GROUPS; i++) groups.push(groupAt(address, i));
  const { start, length } = longestZeros(groups);
  const texts = groups.map((group) => group.toString(16));
  if (length < 2) return texts.join(":");
  return `${texts.slice(0, start).join(":")}::${texts.slice(start + length).join(":")}`;
}

/** Four decimal bytes without leading zeros. */
function parseIPv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes[i] = Number(part);
  }
  return bytes;
}

/** RFC 4291 §2.2: eight groups, one `::` for at least one zero group, optionally an IPv4 tail. */
function parseIPv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] as string, halves.length === 1);
  if (halves[1] === undefined) return head?.length === GROUPS * 2 ? head : undefined;
  const tail = parseGroups(halves[1], true);
  if (head === undefined || tail === undefined) return undefined;
  if (head.length + tail.length > (GROUPS - 1) * 2) return undefined;
  const bytes = new Uint8Array(GROUPS * 2);
  bytes.set(head);
  bytes.set(tail, bytes.length - tail.length);
  return bytes;
}

function parseGroups(text: string, last: boolean): Uint8Array | undefined {
  if (text === "") return new Uint8Array(0);
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes(".")) {
      const tail = parseIPv4(part);
      if (tail === undefined) return undefined;
      bytes.push(...tail);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      const group = Number.parseInt(part, 16);
      bytes.push(group >> 8, group & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

function groupAt(address: Uint8Array, index: number): number {
  return ((address[index * 2] as number) << 8) | (address[index * 2 + 1] as number);
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  }
  return best;
}
