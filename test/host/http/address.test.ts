import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, parseAddress } from "#host/http/address.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** Text made of what addresses are made of. */
const addressLike = fc.string({
  unit: fc.constantFrom(..."0123456789abcdefF.:%/x".split("")),
  maxLength: 50,
});

describe("parseAddress()", () => {
  it.each([
    ["0.0.0.0", "00000000"],
    ["255.255.255.255", "ffffffff"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["2001:DB8::A", "20010db800000000000000000000000a"],
    ["::ffff:127.0.0.1", "00000000000000000000ffff7f000001"],
    ["1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304"],
  ])("reads %s", (text, hex) => {
    expect(parseAddress(text)?.toHex()).toBe(hex);
  });

  it.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "017700000001",
    "0177.0.0.1",
    "01.2.3.4",
    "1.2.3.256",
    "1.2.3.-4",
    "1.2.3.4 ",
    "١.2.3.4",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    ":1:2:3:4:5:6:7",
    "12345::",
    "g::",
    "fe80::1%eth0",
    "::ffff:127.1",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "[::1]",
  ])("refuses %j", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it("property: any bytes survive text and back, in one form only", () => {
    fc.assert(
      fc.property(fc.oneof(bytes(4), bytes(16)), (address) => {
        const text = formatAddress(address);
        expect(parseAddress(text)).toEqual(new Uint8Array(address));
        expect(formatAddress(parseAddress(text) as Uint8Array)).toBe(text);
      }),
    );
  });

  it("property: agrees with Node on hostile text, zone ids apart", () => {
    fc.assert(
      fc.property(addressLike, (text) => {
        const known = isIPv4(text) || (isIPv6(text) && !text.includes("%"));
        expect(parseAddress(text) !== undefined).toBe(known);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("formatAddress()", () => {
  it.each([
    ["::", "::"],
    ["0:0:1::", "0:0:1::"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["1:0:0:2:3:0:0:4", "1::2:3:0:0:4"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["::ffff:127.0.0.1", "::ffff:7f00:1"],
  ])("writes %s as %s (RFC 5952)", (text, canonical) => {
    expect(formatAddress(parseAddress(text) as Uint8Array)).toBe(canonical);
  });
});
