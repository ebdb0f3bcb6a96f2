import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SEALED_WRITES_BYTES_MAX } from "#protocol/limits.ts";
import { checkWriteSet, encodeWrites, sealedBytes, type Write } from "#seal/writes.ts";

function write(key: number, value: number | undefined): Write {
  const bytes = value === undefined ? undefined : new Uint8Array(value);
  return { namespace: new Uint8Array(32), key: new Uint8Array(key), value: bytes };
}

describe("sealedBytes()", () => {
  it("property: is never less than what a write takes", () => {
    const value = fc.option(
      fc.oneof(fc.nat(70_000), fc.constantFrom(0, 255, 256, 65_535, 65_536)),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 128 }), value, (key, bytes) => {
        const own = write(key, bytes);
        expect(encodeWrites([own]).length - 1).toBeLessThanOrEqual(sealedBytes(own));
      }),
    );
  });
});

describe("checkWriteSet()", () => {
  const each = sealedBytes(write(8, undefined));

  it("takes as many writes as fit, and not one more", () => {
    const most = Array<Write>(Math.floor(SEALED_WRITES_BYTES_MAX / each)).fill(write(8, undefined));
    checkWriteSet(most);
    expect(() => checkWriteSet([...most, write(8, undefined)])).toThrow("STATE_WRITE_SET");
  });
});
