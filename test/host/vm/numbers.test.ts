import { describe, expect, it } from "vitest";
import { Body } from "#host/vm/decode/body.ts";
import { Reader } from "#host/vm/decode/reader.ts";
import { isNumber } from "#host/vm/meter/numbers.ts";
import type { Code } from "#test/support/wasm.ts";

/** Whether the first instruction of `code` is known to give a number. */
function known(code: Code): boolean {
  const bytes = Uint8Array.from([0, ...code, 0x1a, 0x0b]);
  const body = new Body();
  body.decode(new Reader(bytes, 0, bytes.length, "MODULE_MALFORMED"));
  return isNumber(body, 0, bytes);
}

function f64(value: number | bigint): Code {
  const view = new DataView(new ArrayBuffer(8));
  if (typeof value === "bigint") view.setBigUint64(0, value, true);
  else view.setFloat64(0, value, true);
  return [0x44, ...new Uint8Array(view.buffer)];
}

function f32(bits: number): Code {
  return [0x43, ...new Uint8Array(Uint32Array.of(bits).buffer)];
}

describe("isNumber()", () => {
  it("knows constants that are numbers, and no other", () => {
    for (const value of [0, -0, 1.5, -1e308, 5e-324]) expect(known(f64(value))).toBe(true);
    for (const bits of [0x7ff8n << 48n, 0xfff0_0000_0000_0001n, 0x7ff0_0000_0000_0001n]) {
      expect(known(f64(bits))).toBe(false);
    }
    for (const bits of [0, 0x80000000, 0x3f800000, 0x7f7fffff]) expect(known(f32(bits))).toBe(true);
    for (const bits of [0x7fc00000, 0x7f800001, 0xffc00000]) expect(known(f32(bits))).toBe(false);
  });

  it("knows conversions of integers, and no other instruction", () => {
    const one = Array.from({ length: 256 }, (_, code) => code).filter((code) => {
      const body = new Body();
      body.opcode = Uint16Array.of(code);
      body.offset = Uint32Array.of(0, 1);
      return isNumber(body, 0, Uint8Array.of(code)) && code !== 0x43 && code !== 0x44;
    });
    expect(one).toEqual([0xb2, 0xb3, 0xb4, 0xb5, 0xb7, 0xb8, 0xb9, 0xba]);
  });
});
