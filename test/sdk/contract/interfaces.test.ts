/**
 * Contracts of random interfaces: what a contract says its types are, is what it reads and writes.
 *
 * A contract is written with a method for each of some random types, built, and called with random values
 * of them by way of the client's codec. Every value comes back as it went, byte for byte.
 *
 * @module
 */
import fc from "fast-check";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeResult } from "#sdk/client/abi/decode.ts";
import { encodeArgs } from "#sdk/client/abi/encode.ts";
import { anyValueOf } from "#test/sdk/client/abi/arbitrary.ts";
import { directory } from "#test/sdk/transform/mistakes/mistakes.ts";
import { Guest } from "#test/support/guest.ts";

const TYPES = 14;
const numbers = ["bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64"];
const references = ["string", "bytes", "Account", "u128", "u256"];

/** A type as source text, with the classes that it needs. */
interface Written {
  readonly text: string;
  readonly classes: readonly string[];
  readonly isReference: boolean;
}

const leaf: fc.Arbitrary<Written> = fc.oneof(
  fc.constantFrom(...numbers).map((text) => ({ text, classes: [], isReference: false })),
  fc.constantFrom(...references).map((text) => ({ text, classes: [], isReference: true })),
);

/** @param path - Makes the names of classes distinct. */
function written(depth: number, path: string): fc.Arbitrary<Written> {
  if (depth === 0) return leaf;
  const inner = (at: number): fc.Arbitrary<Written> => written(depth - 1, `${path}${at}`);
  const list = inner(0).map((item): Written => ({
    text: `Array<${item.text}>`,
    classes: item.classes,
    isReference: true,
  }));
  const option = inner(1).map((value): Written => {
    const isPlain = !value.isReference || value.text.endsWith("null");
    return isPlain ? value : { ...value, text: `${value.text} | null` };
  });
  const record = fc.tuple(inner(2), inner(3), inner(4)).map((fields): Written => {
    const parameters = fields.map(({ text }, at) => `public f${at}: ${text}`).join(", ");
    const declaration = `@data export class D${path} { constructor(${parameters}) {} }`;
    const classes = [...fields.flatMap((field) => field.classes), declaration];
    return { text: `D${path}`, classes, isReference: true };
  });
  return fc.oneof(leaf, list, option, record);
}

let guest: Guest;
beforeAll(async () => {
  const { seed = 1 } = fc.readConfigureGlobal();
  const types = Array.from({ length: TYPES }, (_, at) =>
    fc.sample(written(3, `${at}x`), { numRuns: 1, seed: seed + at }),
  ).flat();
  const methods = types.map(
    ({ text }, at) => `kept${at}: Array<${text}> = [];
    @query echo${at}(value: ${text}): ${text} { return value; }
    @command keep${at}(value: ${text}): void { this.kept${at}.push(value); }
    @query last${at}(): ${text} { return this.kept${at}[this.kept${at}.length - 1]; }`,
  );
  const source = `import { Account, bytes, u128, u256 } from "hermetic/contract";
    ${types.flatMap(({ classes }) => classes).join("\n")}
    @contract export class Any { ${methods.join("\n")} }`;
  const entry = join(directory, "any.ts");
  await writeFile(entry, source);
  guest = await Guest.build(entry);
}, 120_000);

/** What a method returns for arguments. */
function call(name: string, args: readonly unknown[]): { bytes: Uint8Array; value: unknown } {
  const { abi } = guest.contract;
  const method = abi.methods.find((each) => each.name === name);
  if (!method) throw new Error(`there is no method ${name}`);
  const { outcome } = guest.run(
    method.kind === "query" ? "query" : "command",
    name,
    encodeArgs(abi, method, args),
  );
  if (outcome.end.kind !== "returned") throw new Error(`${name}: ${JSON.stringify(outcome.end)}`);
  const bytes = outcome.end.value;
  return { bytes, value: decodeResult(abi, method.output, bytes) };
}

describe("a contract of random types", () => {
  it.each(Array.from({ length: TYPES }, (_, at) => at))(
    "property: returns and keeps values of type %i as they are",
    (at) => {
      const { abi } = guest.contract;
      const echo = abi.methods.find(({ name }) => name === `echo${at}`);
      const type = echo?.inputs[0]?.type;
      if (!echo || type === undefined) throw new Error("no method");
      fc.assert(
        fc.property(anyValueOf(abi, type), (value) => {
          const { bytes, value: back } = call(`echo${at}`, [value]);
          expect(back).toEqual(value);
          // The arguments are an array of one value.
          expect(bytes).toEqual(encodeArgs(abi, echo, [value]).subarray(1));
          call(`keep${at}`, [value]);
          expect(call(`last${at}`, []).bytes).toEqual(bytes);
        }),
        { numRuns: 25 },
      );
    },
  );
});
