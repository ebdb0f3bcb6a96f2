/**
 * Takes a contract's secrets out of what is recorded: a recording is committed and read by others.
 *
 * A secret that stands there as it is becomes `{secret:NAME}`. One that stands there in another form, such as
 * base64, cannot be put back for a comparison, so such an exchange is not recorded at all; nor is one with a secret
 * whose name is not known.
 *
 * @module
 */
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import { formsOf } from "#sdk/testing/operator/needle.ts";

export class Scrub {
  /** Values by name, of all contracts of a world. */
  readonly #secrets: [name: string, value: string][] = [];
  readonly #unnamed = new Set<string>();

  add(secrets: Readonly<Record<string, string>>): void {
    this.#secrets.push(...Object.entries(secrets));
    // One secret may be the beginning of another.
    this.#secrets.sort(([, left], [, right]) => right.length - left.length);
  }

  /** Secrets of which nobody has said the name. */
  addUnnamed(values: readonly string[]): void {
    for (const value of values) this.#unnamed.add(value);
  }

  text(text: string): string {
    let clean = text;
    for (const [name, value] of this.#secrets) {
      if (value !== "") clean = clean.replaceAll(value, `{secret:${name}}`);
    }
    return clean;
  }

  bytes(bytes: Uint8Array): Buffer {
    let clean = Buffer.from(bytes);
    for (const [name, value] of this.#secrets) {
      if (value === "") continue;
      const [from, to] = [value, `{secret:${name}}`].map((each) => Buffer.from(each));
      // Every byte is one unit of latin1, so nothing is read into the bytes.
      const found = clean.toString("latin1");
      const next = found.replaceAll(from?.toString("latin1") ?? "", to?.toString("latin1") ?? "");
      clean = Buffer.from(next, "latin1");
    }
    return clean;
  }

  /**
   * Checks that no secret is left, in whatever form.
   *
   * @throws {@link HermeticError} `HTTP_UNRECORDABLE` for one that is, or that is too short to be looked for.
   */
  assertClean(text: string, bodies: readonly Uint8Array[]): void {
    const places = [Buffer.from(text), ...bodies.map((body) => Buffer.from(body))];
    const named = new Set(this.#secrets.map(([, value]) => value));
    const unnamed = [...this.#unnamed].filter((value) => !named.has(value));
    const all = [
      ...this.#secrets.map(([name, value]) => [`secret ${name}`, value] as const),
      ...unnamed.map((value) => ["a secret whose name nobody has said", value] as const),
    ];
    for (const [what, value] of all) {
      if (value === "") continue;
      if (Buffer.byteLength(value) < SECRET_BYTES_MIN) {
        throw kitError("HTTP_UNRECORDABLE", `${what} is too short to be looked for`);
      }
      for (const { form, bytes } of formsOf(value)) {
        if (!places.some((place) => place.includes(bytes))) continue;
        throw kitError("HTTP_UNRECORDABLE", `${what} is there in ${form}`);
      }
    }
  }
}

/** Shorter ones would be found by chance. */
const SECRET_BYTES_MIN = 4;
