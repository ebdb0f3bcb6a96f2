import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pack } from "#protocol/codec.ts";
import {
  encodeEgressFromEnclave,
  encodeEgressToEnclave,
  parseEgressFromEnclave,
  parseEgressToEnclave,
  type EgressFromEnclave,
  type EgressToEnclave,
} from "#protocol/egress.ts";
import {
  EGRESS_ADDRESSES_MAX,
  EGRESS_CHUNK_BYTES_MAX,
  EGRESS_WINDOW_BYTES,
} from "#protocol/limits.ts";

const id = 2 ** 40;
const flow = [
  { kind: "egress-data", id, bytes: new Uint8Array(EGRESS_CHUNK_BYTES_MAX) },
  { kind: "egress-credit", id, count: EGRESS_WINDOW_BYTES },
  { kind: "egress-end", id },
] as const;
const fromEnclave: readonly EgressFromEnclave[] = [
  ...flow,
  { kind: "egress-resolve", id, host: "a.b" },
  { kind: "egress-connect", id, address: "::1", port: 65_535 },
  { kind: "egress-close", id },
];
const toEnclave: readonly EgressToEnclave[] = [
  ...flow,
  { kind: "egress-resolved", id, addresses: ["::1", "8.8.8.8"] },
  { kind: "egress-connected", id },
  { kind: "egress-error", id },
];

describe("egress messages", () => {
  it("survive their byte form", () => {
    for (const message of fromEnclave) {
      expect(parseEgressFromEnclave(encodeEgressFromEnclave(message))).toEqual(message);
    }
    for (const message of toEnclave) {
      expect(parseEgressToEnclave(encodeEgressToEnclave(message))).toEqual(message);
    }
  });

  it("are refused in the wrong direction", () => {
    for (const message of fromEnclave.slice(flow.length)) {
      expect(() => parseEgressToEnclave(encodeEgressFromEnclave(message))).toThrow(
        "MESSAGE_MALFORMED",
      );
    }
    for (const message of toEnclave.slice(flow.length)) {
      expect(() => parseEgressFromEnclave(encodeEgressToEnclave(message))).toThrow(
        "MESSAGE_MALFORMED",
      );
    }
  });

  it.each<[string, unknown]>([
    ["an unknown kind", ["egress-x", 1]],
    ["a kind of the prototype", ["constructor", 1]],
    ["a negative id", ["egress-end", -1]],
    ["no id", ["egress-end"]],
    ["a field too many", ["egress-end", 1, 1]],
    ["a chunk over the limit", ["egress-data", 1, new Uint8Array(EGRESS_CHUNK_BYTES_MAX + 1)]],
    ["text for bytes", ["egress-data", 1, "x"]],
    ["credit over the window", ["egress-credit", 1, EGRESS_WINDOW_BYTES + 1]],
    [
      "too many addresses",
      ["egress-resolved", 1, Array.from({ length: EGRESS_ADDRESSES_MAX + 1 }, () => "")],
    ],
    ["a very long address", ["egress-resolved", 1, ["1".repeat(65)]]],
  ])("refuse %s", (_name, value) => {
    expect(() => parseEgressToEnclave(pack(value))).toThrow("MESSAGE_MALFORMED");
  });

  it("property: any bytes parse or are MESSAGE_MALFORMED", () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.array(fc.anything()).map(packed));
    fc.assert(
      fc.property(bytes, (untrusted) => {
        for (const parse of [parseEgressToEnclave, parseEgressFromEnclave]) {
          try {
            parse(untrusted);
          } catch (error) {
            expect(error).toMatchObject({ code: "MESSAGE_MALFORMED" });
          }
        }
      }),
    );
  });
});

/** Some values have no byte form; they are not what is tested here. */
function packed(value: unknown): Uint8Array {
  try {
    return pack(value);
  } catch {
    return new Uint8Array(0);
  }
}
