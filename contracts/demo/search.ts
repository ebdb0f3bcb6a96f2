/**
 * Searching bytes for a secret, in every form it could plausibly take.
 *
 * @module
 */

/** A value that only its owner may know; or one that everybody may, to try the search on. */
export interface Secret {
  /** What it is, for the table: "Ann's bid". */
  readonly name: string;
  readonly forms: readonly Uint8Array[];
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

/** Bytes as themselves, and as hexadecimal and base64 text. */
export function secretBytes(name: string, bytes: Uint8Array): Secret {
  const hex = Buffer.from(bytes).toString("hex");
  const base64 = Buffer.from(bytes).toString("base64").replace(/=+$/, "").slice(0, -1);
  return { name, forms: [bytes, ascii(hex), ascii(hex.toUpperCase()), ascii(base64)] };
}

/** Text as it is. */
export function plainText(name: string, text: string): Secret {
  return { name, forms: [Buffer.from(text)] };
}

/** A number in decimal and hexadecimal, as a 64-bit integer in both orders, and as MessagePack. */
export function secretNumber(name: string, value: bigint): Secret {
  const big = Buffer.alloc(8);
  big.writeBigUInt64BE(value);
  const little = Buffer.from(big).reverse();
  const wide = value > 0xffff_ffffn;
  const packed = Buffer.concat([Uint8Array.of(wide ? 0xcf : 0xce), big.subarray(wide ? 0 : 4)]);
  const forms = [ascii(value.toString()), ascii(value.toString(16)), big, little, packed];
  return { name, forms };
}

/** Whether a secret occurs in the bytes in any of its forms. */
export function occurs(secret: Secret, seen: Uint8Array): boolean {
  const haystack = Buffer.from(seen.buffer, seen.byteOffset, seen.byteLength);
  return secret.forms.some((form) => haystack.includes(form));
}
