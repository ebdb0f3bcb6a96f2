/**
 * References to secrets: text that a contract puts into a header in place of a secret it never sees.
 *
 * The enclave puts the secret in its place when the request is checked and about to leave, so it is in no
 * contract memory, transcript, log or error. A reference carries a tag that only the contract's own
 * enclave can make: text that somebody else wrote can never turn into a secret.
 *
 * @module
 */
import { concat, toHex, utf8 } from "#protocol/bytes.ts";
import type { HttpHeader, HttpResult } from "#protocol/http.ts";
import { HTTP_HEADER_BYTES_MAX } from "#protocol/limits.ts";
import { deriveKey } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { HEADER_VALUE } from "./request-headers.ts";

const TAG_BYTES = 16;
const REFERENCE = /\{secret:([0-9a-f]*):([0-9a-f]{32})\}/g;
/** Shorter secrets would be found in answers where they are not meant. */
const CONCEALED_LENGTH_MIN = 8;
const CONCEALED = utf8("[secret]");

/** The secrets of one contract. */
export interface SecretKeeper {
  /** Nothing if the owner has not set it. */
  readonly value: (name: string) => string | undefined;
  readonly reference: (name: string) => string;
}

/** The text that stands for a secret of the contract with this contract secret (32 bytes). */
export function secretReference(
  primitives: Primitives,
  contractSecret: Uint8Array,
  name: string,
): string {
  const key = deriveKey(primitives, contractSecret, labels.secretReference, utf8(name));
  return `{secret:${toHex(utf8(name))}:${toHex(key.subarray(0, TAG_BYTES))}}`;
}

/** Whether a secret may stand in a header's value, of whatever contract. */
export function holdsReference(value: string): boolean {
  return value.search(REFERENCE) >= 0;
}

export interface Revealed {
  readonly headers: readonly HttpHeader[];
  /** Secrets that are in them. */
  readonly secrets: readonly string[];
}

/**
 * The headers as they leave the enclave.
 *
 * @returns Nothing if a secret is not set, or cannot stand in a header.
 */
export function reveal(headers: readonly HttpHeader[], keeper: SecretKeeper): Revealed | undefined {
  const secrets: string[] = [];
  let isSound = true;
  const revealed = headers.map((header) => {
    const value = header.value.replace(REFERENCE, (reference, hexName: string) => {
      const name = nameOf(hexName);
      if (name === undefined || keeper.reference(name) !== reference) return reference;
      const secret = keeper.value(name);
      if (secret === undefined || !HEADER_VALUE.test(secret)) isSound = false;
      else secrets.push(secret);
      return secret ?? "";
    });
    if (header.name.length + value.length > HTTP_HEADER_BYTES_MAX) isSound = false;
    return { name: header.name, value };
  });
  return isSound ? { headers: revealed, secrets } : undefined;
}

function nameOf(hex: string): string | undefined {
  if (hex.length % 2 !== 0) return undefined;
  return new TextDecoder().decode(Uint8Array.fromHex(hex));
}

/** The result without the secrets that its server sends back, byte for byte. */
export function conceal(result: HttpResult, secrets: readonly string[]): HttpResult {
  if ("error" in result) return result;
  const long = secrets.filter(({ length }) => length >= CONCEALED_LENGTH_MIN);
  if (long.length === 0) return result;
  const { status, headers, body } = result.ok;
  return {
    ok: {
      status,
      headers: headers.map(({ name, value }) => ({
        name: withoutText(name, long),
        value: withoutText(value, long),
      })),
      body: long.reduce((bytes, secret) => withoutBytes(bytes, utf8(secret)), body),
    },
  };
}

function withoutText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, "[secret]"), text);
}

/** Every occurrence gives way to as many or fewer bytes: a body never grows. */
function withoutBytes(body: Uint8Array, secret: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const end of ends(body, secret)) {
    parts.push(body.subarray(from, end - secret.length), CONCEALED);
    from = end;
  }
  return parts.length === 0 ? body : concat([...parts, body.subarray(from)]);
}

/** Where occurrences end that do not overlap; in one pass (Knuth, Morris and Pratt), whatever the bytes are. */
function* ends(bytes: Uint8Array, wanted: Uint8Array): Iterable<number> {
  const border = new Uint16Array(wanted.length + 1);
  for (let at = 1, length = 0; at < wanted.length; border[++at] = length) {
    while (length > 0 && wanted[at] !== wanted[length]) length = border[length] as number;
    if (wanted[at] === wanted[length]) length++;
  }
  let matched = 0;
  for (let at = 0; at < bytes.length; at++) {
    while (matched > 0 && bytes[at] !== wanted[matched]) matched = border[matched] as number;
    if (bytes[at] === wanted[matched]) matched++;
    if (matched < wanted.length) continue;
    yield at + 1;
    matched = 0;
  }
}
