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

/**
 * Every form of a secret.
 *
 * @throws Error for a secret too short to be told from chance.
 */
export function formsOf(secret: Needle): NeedleForm[] {
  const forms =
    typeof secret === "string"
      ? textForms(secret)
      : secret instanceof Uint8Array
        ? byteForms("bytes", Buffer.from(secret))
        : integerForms(BigInt(secret));
  const usable = forms.filter(({ bytes }) => bytes.length >= BYTES_MIN);
  if (usable.length === 0) {
    throw new RangeError("the secret is too short to be told from chance: use 4 bytes or more");
  }
  return usable;
}

function textForms(text: string): NeedleForm[] {
  const utf16 = Buffer.from(text, "utf16le");
  return [
    ...byteForms("utf-8", Buffer.from(text)),
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
    ...base64.map((text) => ({ form: `${form} in base64`, bytes: Buffer.from(text) })),
  ];
}

/** Decimal text of four digits and more; binary only where the value itself is four bytes or more. */
function integerForms(value: bigint): NeedleForm[] {
  const magnitude = value < 0n ? -value : value;
  const isLarge = magnitude >= 1n << 24n;
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
  const text = { form: "decimal text", bytes: Buffer.from(String(value)) };
  // A small number in four bytes, or any number among zeros, is everywhere.
  const told = isLarge ? binary : binary.filter(({ bytes }) => bytes.length > 4 && magnitude > 0n);
  return [text, ...told];
}
