/**
 * Keys of contracts, to the byte, and whose they are when contracts call each other.
 *
 * A derived key that changes is a contract that lost its name and cannot open what it has sealed: a change
 * of these vectors is a migration of every contract there is.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { commandRandom } from "#exec/randomness.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { admitContract, HEAP, RESULT, run, word } from "#test/support/contract.ts";
import { calling, Town } from "#test/support/town.ts";
import { call, constant, type Code } from "#test/support/wasm.ts";
import vectors from "#test/vectors/contract-keys.json" with { type: "json" };

const LABEL = 256;

/** Writes a label as UTF-16 and returns its length in units. */
function label(text: string): { readonly code: Code; readonly units: number } {
  const code = [...text].flatMap((letter, index) => [
    ...constant(LABEL + 2 * index),
    ...constant(letter.charCodeAt(0)),
    ...[0x3b, 1, 0],
  ]);
  return { code, units: text.length };
}

/** A contract whose every method answers with what one function of `keys` gives for a label. */
function keyOf(name: "keys.derive" | "keys.public-key", text: string, scheme?: number) {
  const { code, units } = label(text);
  const first = scheme === undefined ? [] : constant(scheme);
  const body = [
    ...code,
    ...[...first, ...constant(LABEL), ...constant(units), ...constant(RESULT), ...call(0)],
    ...constant(RESULT),
  ];
  return { imports: [name], command: body, query: body } as const;
}

describe("keys", () => {
  it.each(vectors.vectors)("are those of the vectors: $label", (vector) => {
    const contractSecret = (): Uint8Array => Uint8Array.fromHex(vector.secret);
    const told = (parts: ReturnType<typeof keyOf>): string => {
      const { end } = run(admitContract(parts), { contractSecret });
      return end.kind === "returned" ? end.value.toHex() : "";
    };
    expect(told(keyOf("keys.derive", vector.label))).toBe(vector.derived);
    expect(told(keyOf("keys.public-key", vector.label, 0))).toBe(vector.ed25519);
    expect(told(keyOf("keys.public-key", vector.label, 1))).toBe(vector.secp256k1);
    const requestId = Uint8Array.fromHex(vector.secret).toReversed();
    const random = commandRandom(nodePrimitives, contractSecret, requestId);
    expect(random(40, vector.label).toHex()).toBe(vector.drawn);
    expect(random(8, vector.label).toHex()).toBe(vector.drawnNext);
  });

  it("are the callee's own when it is called, not its caller's", () => {
    const [ANN, BOB] = [1, 2];
    const derive = keyOf("keys.derive", "safe");
    const alone = new Town().settle(BOB, derive).settle(ANN, derive);
    const told = (town: Town, name: number): string => {
      const { end } = town.run(name);
      return end.kind === "returned" ? end.value.toHex() : "";
    };
    const [ofAnn, ofBob] = [told(alone, ANN), told(alone, BOB)];
    expect(ofAnn).not.toBe(ofBob);
    // The allocator always answers with the same place, so the callee's bytes lie there.
    const handOn = [...calling(BOB), ...word(RESULT, HEAP), ...word(RESULT + 4, 32)];
    const command = [...handOn, ...constant(RESULT)];
    const town = new Town().settle(BOB, derive);
    town.settle(ANN, { imports: ["contracts.call"], command });
    expect(told(town, ANN)).toBe(ofBob);
  });
});
