import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat } from "#protocol/bytes.ts";
import {
  ENVELOPE_HEADER_BYTES,
  encodeEnvelopeHeader,
  parseEnvelope,
  type EnvelopeHeader,
} from "#protocol/envelope.ts";
import { Fault } from "#protocol/fault.ts";
import { ENVELOPE_BYTES_MAX } from "#protocol/limits.ts";

const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const header: fc.Arbitrary<EnvelopeHeader> = fc.record({
  kind: fc.constantFrom("session", "query", "command"),
  cluster: fixed(32),
  epoch: fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 32 - 1)),
  session: fixed(16),
  sequence: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER)),
  contract: fixed(32),
});
const sample: EnvelopeHeader = {
  kind: "command",
  cluster: new Uint8Array(32).fill(1),
  epoch: 1,
  session: new Uint8Array(16).fill(2),
  sequence: 3,
  contract: new Uint8Array(32).fill(4),
};
const SEALED_BYTES_MIN = 28;

function envelope(
  bytes: Uint8Array = encodeEnvelopeHeader(sample),
  sealed = SEALED_BYTES_MIN,
): Uint8Array {
  return concat([bytes, new Uint8Array(sealed).fill(9)]);
}

describe("parseEnvelope()", () => {
  it("property: reads every header that can be written, and keeps its bytes as AAD", () => {
    fc.assert(
      fc.property(header, fc.uint8Array({ minLength: SEALED_BYTES_MIN }), (own, sealed) => {
        const encoded = encodeEnvelopeHeader(own);
        expect(encoded).toHaveLength(ENVELOPE_HEADER_BYTES);
        const parsed = parseEnvelope(concat([encoded, sealed]));
        expect(parsed.header).toEqual(own);
        expect(parsed.aad).toEqual(encoded);
        expect(parsed.sealed).toEqual(sealed);
      }),
    );
  });

  it("reads it the same from the middle of a larger buffer", () => {
    const whole = concat([new Uint8Array(7), envelope()]);
    expect(parseEnvelope(whole.subarray(7)).header).toEqual(sample);
  });

  it("refuses it cut at every byte", () => {
    const whole = envelope();
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseEnvelope(whole.subarray(0, length))).toThrow("ENVELOPE_MALFORMED");
    }
    expect(parseEnvelope(whole).header.kind).toBe("command");
  });

  it("takes the largest, and refuses one byte more before it looks inside", () => {
    const most = ENVELOPE_BYTES_MAX - ENVELOPE_HEADER_BYTES;
    expect(parseEnvelope(envelope(undefined, most)).sealed).toHaveLength(most);
    expect(() => parseEnvelope(new Uint8Array(ENVELOPE_BYTES_MAX + 1))).toThrow(
      "ENVELOPE_TOO_LARGE",
    );
  });

  it("refuses every other version and kind", () => {
    for (let value = 0; value < 256; value++) {
      const version = envelope();
      version[0] = value;
      if (value !== 1) expect(() => parseEnvelope(version)).toThrow("ENVELOPE_MALFORMED");
      const kind = envelope();
      kind[1] = value;
      if (value < 1 || value > 3) expect(() => parseEnvelope(kind)).toThrow("ENVELOPE_MALFORMED");
    }
  });

  it("refuses a sequence that is no exact number", () => {
    const bytes = envelope();
    bytes.set([0x00, 0x20, 0, 0, 0, 0, 0, 0], 54);
    expect(() => parseEnvelope(bytes)).toThrow("ENVELOPE_MALFORMED");
    bytes.set([0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 54);
    expect(parseEnvelope(bytes).header.sequence).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("property: any bytes give an envelope or a fault", () => {
    const near = fc.tuple(fc.nat(121), fc.nat(255)).map(([at, byte]) => {
      const bytes = envelope();
      bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), near), (bytes) => {
        try {
          const parsed = parseEnvelope(bytes);
          expect(concat([encodeEnvelopeHeader(parsed.header), parsed.sealed])).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
