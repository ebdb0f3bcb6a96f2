/**
 * Where charges stand, on code small enough to count by hand. That they add up is shown by meter.test.ts.
 */
import { describe, expect, it } from "vitest";
import { Body } from "#host/vm/decode/body.ts";
import { Reader } from "#host/vm/decode/reader.ts";
import { Charges } from "#host/vm/meter/charges.ts";
import {
  block,
  br,
  brIf,
  constant,
  drop,
  get,
  loop,
  unreachable,
  when,
  type Code,
} from "#test/support/wasm.ts";

interface Placed {
  /** Gas before instructions, by index. */
  readonly before: Record<number, number>;
  readonly taken: Record<number, number>;
  readonly missingElse: Record<number, number>;
}

/** The charges of a function of one parameter. */
function place(code: Code): Placed {
  const bytes = Uint8Array.from([0, ...code, 0x0b]);
  const body = new Body();
  body.decode(new Reader(bytes, 0, bytes.length, "MODULE_MALFORMED"));
  const charges = new Charges();
  charges.read(body);
  charges.place(body, 0);
  const placed = (gas: Float64Array): Record<number, number> =>
    Object.fromEntries([...gas.subarray(0, body.count).entries()].filter(([, due]) => due !== 0));
  return {
    before: placed(charges.amount),
    taken: placed(charges.taken),
    missingElse: placed(charges.missingElse),
  };
}

const work: Code = [...constant(1), drop];

describe("Charges", () => {
  it("charges straight code once, blocks and all", () => {
    expect(place([...work, ...block(work), ...work]).before).toEqual({ 0: 6 });
  });

  it("charges only the dearer arm for what it costs more", () => {
    const placed = place([...get(0), ...when([...work, ...work], work), ...work]);
    expect(placed).toEqual({ before: { 0: 6, 2: 2 }, taken: {}, missingElse: {} });
  });

  it("charges the else that is not there if leaving early is cheaper", () => {
    const placed = place([...get(0), ...when([0x0f]), ...work, ...work]);
    expect(placed).toEqual({ before: { 0: 3 }, taken: {}, missingElse: { 3: 3 } });
  });

  it("charges a loop once per iteration, on its way back", () => {
    const placed = place([...loop([...work, ...get(0), ...brIf(0)]), ...work]);
    expect(placed).toEqual({ before: { 0: 6 }, taken: { 4: 4 }, missingElse: {} });
  });

  it("charges a loop that never ends in every iteration", () => {
    const { before } = place(loop([...work, ...br(0)]));
    expect(before[1]).toBe(3);
  });

  it("pays nothing ahead at the labels of a branch table", () => {
    const code = block([...block([...get(0), 0x0e, 1, 0, 1]), ...work, ...work]);
    expect(place([...code, ...work]).before).toEqual({ 0: 4, 5: 4, 10: 2 });
  });

  it("lets a way into a certain trap cost what the other way costs", () => {
    expect(place([...get(0), ...when([unreachable]), ...work]).before).toEqual({ 0: 4 });
    const dear = place([...get(0), ...when([...work, ...work, unreachable]), ...work]);
    expect(dear.before).toEqual({ 0: 4, 2: 2 });
  });
});
