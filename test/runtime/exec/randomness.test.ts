/**
 * Randomness of commands: the same everywhere, new for each request, contract, label and draw.
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandRandoms, type Random } from "#exec/randomness.ts";
import { nodePrimitives } from "#platform/primitives.ts";

const address = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const secretOf = (of: Uint8Array): Uint8Array => nodePrimitives.sha256(of);
const request = (id: number): ((address: Uint8Array) => Random) =>
  commandRandoms(nodePrimitives, { contractSecret: secretOf }, new Uint8Array(32).fill(id));

describe("commandRandoms()", () => {
  it("gives every worker the same bytes, of any length asked for", () => {
    for (const length of [0, 1, 32, 33, 1024]) {
      const drawn = request(1)(address(1))(length, "dice");
      expect(drawn).toEqual(request(1)(address(1))(length, "dice"));
      expect(drawn.length).toBe(length);
    }
  });

  it("gives other bytes for another request, contract, label or draw", () => {
    const one = request(1)(address(1));
    const drawn = [
      one(16, "a"),
      one(16, "a"),
      one(16, "b"),
      one(16, ""),
      request(1)(address(2))(16, "a"),
      request(2)(address(1))(16, "a"),
    ];
    expect(new Set(drawn.map((bytes) => bytes.toHex())).size).toBe(drawn.length);
  });

  it("keeps streams apart: drawing from one changes no other", () => {
    const alone = request(1)(address(1))(16, "prize");
    const beside = request(1)(address(1));
    for (let i = 0; i < 5; i++) beside(16, "shuffle");
    expect(beside(16, "prize")).toEqual(alone);
  });

  it("property: no label and length can be taken for others", () => {
    const draw = fc.record({ label: fc.string({ maxLength: 6 }), draws: fc.nat(3) });
    fc.assert(
      fc.property(draw, draw, (left, right) => {
        const drawn = [left, right].map(({ label, draws }) => {
          const random = request(1)(address(1));
          for (let i = 0; i < draws; i++) random(32, label);
          return random(32, label).toHex();
        });
        const isSame = left.label === right.label && left.draws === right.draws;
        expect(drawn[0] === drawn[1]).toBe(isSame);
      }),
    );
  });
});
