/**
 * The byte forms in which a secret could be written down.
 *
 * @module
 */

/** A secret to look for. */
export type Needle = string | Uint8Array | bigint | number;

export interface NeedleForm {
  readonly form: string;
  readonly bytes: Buffer;
}

/** Shorter byte strings would be found by chance. */
const BYTES_MIN = 4;
/** Widths in which numbers are written, in bytes. */
const WIDTHS = [4, 8, 16, 32] as const;
/** Smaller numbers have the bytes of a length or a height. */
const BINARY_MIN = 1n << 24n;

/**
 * Every form of a secret.
 *
 * @throws Error for a secret too short to be told from chance.
 */
export function formsOf(secret: Needle): NeedleForm[] {
  if (typeof secret === "string") return textForms(long(Buffer.from(secret)), secret);
  if (secret instanceof Uint8Array) return byteForms("bytes", long(Buffer.from(secret)));
  return integerForms(BigInt(secret));
}

function long(bytes: Buffer): Buffer {
  if (bytes.length >= BYTES_MIN) return bytes;
  throw new RangeError(`a secret below ${BYTES_MIN} bytes would be found by chance`);
}

function textForms(bytes: Buffer, text: string): NeedleForm[] {
  const utf16 = Buffer.from(text, "utf16le");
  return [
    ...byteForms("utf-8", bytes),
    { form: "utf-16 little-endian", bytes: utf16 },
    { form: "utf-16 big-endian", bytes: Buffer.from(utf16).swap16() },
  ];
}

/** Base64 depends on where the secret begins among groups of three; the edges are left out. */
function byteForms(form: string, bytes: Buffer): NeedleForm[] {
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    const inner = text.slice(shift === 0 ? 0 : 4, -4);
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [
    { form, bytes },
    { form: `${form} in hexadecimal`, bytes: Buffer.from(hex) },
    { form: `${form} in hexadecimal`, bytes: Buffer.from(hex.toUpperCase()) },
    ...base64
      .filter((text) => text.length >= BYTES_MIN)
      .map((text) => ({ form: `${form} in base64`, bytes: Buffer.from(text) })),
  ];
}

/** As decimal text, and in binary unless zeros and counters would be taken for it. */
function integerForms(value: bigint): NeedleForm[] {
  const magnitude = value < 0n ? -value : value;
  const text = { form: "decimal text", bytes: long(Buffer.from(String(value))) };
  if (magnitude < BINARY_MIN) return [text];
  const widths = WIDTHS.filter((width) => magnitude < 1n << BigInt(width * 8));
  const binary = widths.flatMap((width) => {
    const digits = BigInt.asUintN(width * 8, value)
      .toString(16)
      .padStart(width * 2, "0");
    const big = Buffer.from(digits, "hex");
    return [
      { form: `u${width * 8} big-endian`, bytes: big },
      { form: `u${width * 8} little-endian`, bytes: Buffer.from(big).reverse() },
    ];
  });
  return [text, ...binary];
}
