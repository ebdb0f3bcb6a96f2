/**
 * ATTACKS 1 to 3 and 84: components that the SDK built, cut into sections and functions and put together wrongly.
 *
 * Goal: each is refused with a code, or runs to an outcome within its gas; the enclave serves on, and the log
 * comes to the same state again. Method: sections and functions dropped, doubled, swapped, taken from another
 * contract and altered in single bytes, with every length put right again: flips alone seldom get that far.
 */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { concat, toHex } from "#protocol/bytes.ts";
import { fixture } from "#test/support/fixtures.ts";
import { ending } from "#test/support/raw-client.ts";
import { start } from "#test/support/started.ts";
import { args } from "#test/support/values.ts";
import { u32 } from "#test/support/wasm.ts";

/** Bytes in front of the first section, of a component and a module alike. */
const PREAMBLE = 8;
const [CORE_MODULE, CODE] = [1, 10];
const RUNS = 60;
const GAS = 3_000_000;

interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

/** A number in LEB128 that a compiler wrote, and where it ends. */
function readU32(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let end = start, shift = 0; ; end++, shift += 7) {
    const byte = bytes[end] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: end + 1 };
  }
}

function sectionsOf(file: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = PREAMBLE; at < file.length;) {
    const { value, end } = readU32(file, at + 1);
    sections.push({ id: file[at] ?? 0, body: file.slice(end, end + value) });
    at = end + value;
  }
  return sections;
}

function fileOf(preamble: Uint8Array, sections: readonly Section[]): Uint8Array {
  const bytes = sections.flatMap(({ id, body }) => [Uint8Array.of(id, ...u32(body.length)), body]);
  return concat([preamble.subarray(0, PREAMBLE), ...bytes]);
}

/** The bodies in a code section. */
function functionsOf(code: Uint8Array): Uint8Array[] {
  const functions: Uint8Array[] = [];
  for (let at = readU32(code, 0).end; at < code.length;) {
    const { value, end } = readU32(code, at);
    functions.push(code.slice(end, end + value));
    at = end + value;
  }
  return functions;
}

function codeOf(functions: readonly Uint8Array[]): Uint8Array {
  const bodies = functions.flatMap((body) => [Uint8Array.from(u32(body.length)), body]);
  return concat([Uint8Array.from(u32(functions.length)), ...bodies]);
}

interface Change {
  readonly kind: "drop" | "double" | "swap" | "take" | "byte" | "cut";
  readonly inside: boolean;
  readonly at: number;
  readonly by: number;
  readonly byte: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("drop", "double", "swap", "take", "byte", "cut"),
  inside: fc.boolean(),
  at: fc.nat(),
  by: fc.nat(),
  byte: fc.nat(255),
});

/** Changes one item of a list; `others` are those of another contract. */
function changed<T>(
  items: readonly T[],
  others: readonly T[],
  { kind, at, by }: Change,
  edit: (item: T) => T,
): T[] {
  if (items.length === 0) return [];
  const [i, j] = [at % items.length, by % items.length];
  const [one, two] = [items[i] as T, items[j] as T];
  switch (kind) {
    case "drop":
      return items.toSpliced(i, 1);
    case "double":
      return items.toSpliced(i, 0, one);
    case "swap":
      return items.with(i, two).with(j, one);
    case "take":
      return items.with(i, others[by % Math.max(1, others.length)] ?? one);
    case "byte":
    case "cut":
      return items.with(i, edit(one));
  }
}

function editBytes(bytes: Uint8Array, { kind, by, byte }: Change): Uint8Array {
  const place = by % Math.max(1, bytes.length);
  return kind === "cut" ? bytes.slice(0, place) : bytes.map((own, i) => (i === place ? byte : own));
}

/** A core module with some of its sections, or its functions, changed. */
function changedModule(module: Uint8Array, other: Uint8Array, changes: readonly Change[]) {
  let sections = sectionsOf(module);
  const others = sectionsOf(other);
  const codeIn = (all: readonly Section[]): Uint8Array =>
    all.find(({ id }) => id === CODE)?.body ?? Uint8Array.of(0);
  const taken = functionsOf(codeIn(others));
  for (const each of changes) {
    sections = each.inside
      ? sections.map((own) => (own.id === CODE ? { ...own, body: code(own.body, each) } : own))
      : changed(sections, others, each, ({ id, body }) => ({ id, body: editBytes(body, each) }));
  }
  return fileOf(module, sections);

  function code(body: Uint8Array, each: Change): Uint8Array {
    const functions = functionsOf(body);
    return codeOf(changed(functions, taken, each, (own) => editBytes(own, each)));
  }
}

let files: readonly Uint8Array[];

beforeAll(async () => {
  files = await Promise.all([fixture("probe"), fixture("vault"), fixture("clockwork")]);
});

it("1, 2, 3 and 84: property: are refused with a code, or run to an outcome", async () => {
  const { operator, ann } = await start();
  let count = 0;
  const property = fc.asyncProperty(
    fc.tuple(fc.nat(2), fc.nat(2)),
    fc.array(change, { minLength: 1, maxLength: 3 }),
    async ([one, two], changes) => {
      const [file, other] = [files[one] as Uint8Array, files[two] as Uint8Array];
      const module = sectionsOf(other).find(({ id }) => id === CORE_MODULE)?.body ?? other;
      const sections = sectionsOf(file).map(({ id, body }) => {
        return id === CORE_MODULE
          ? { id, body: changedModule(body, module, changes) }
          : { id, body };
      });
      const salt = Uint8Array.from(u32(++count));
      const method = one === 2 ? "init" : "open";
      const deployed = await ann.deploy(fileOf(file, sections), {
        method,
        salt,
        gasLimit: 50 * GAS,
      });
      expect(ending(deployed)).toMatch(/^[A-Z][A-Z_]+$|^returned$/);
      if ("kind" in deployed || deployed.outcome.kind !== "returned") return;
      const address = deployed.outcome.value.slice(2);
      for (const called of ["add", "peek", "note"]) {
        const result = await ann.command(address, called, args(1), GAS);
        expect(ending(result)).toMatch(/^\w+$/);
      }
    },
  );
  await fc.assert(property, { numRuns: RUNS });
  expect(operator.aborted).toBeUndefined();
  const before = operator.info();
  operator.restore({ rebuild: true });
  expect(toHex(operator.info().digest)).toBe(toHex(before.digest));
}, 120_000);
