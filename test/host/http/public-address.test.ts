import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, parseAddress } from "#host/http/address.ts";
import { isPublicAddress } from "#host/http/public-address.ts";

function isPublic(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is not an address`);
  return isPublicAddress(address);
}

describe("isPublicAddress()", () => {
  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:800::200e",
    "3ffe::1",
  ])("allows %s", (text) => {
    expect(isPublic(text)).toBe(true);
  });

  it.each([
    ["this network", ["0.0.0.0", "0.255.255.255"]],
    ["private", ["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.1"]],
    ["carrier-grade NAT", ["100.64.0.0", "100.127.255.255", "100.100.100.200"]],
    ["loopback", ["127.0.0.1", "127.255.255.255", "::1"]],
    ["link-local", ["169.254.0.0", "169.254.255.255", "fe80::1", "febf::1", "fec0::1"]],
    [
      "metadata",
      ["169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "168.63.129.16", "192.0.0.192"],
    ],
    ["documentation", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"]],
    ["benchmarks", ["198.18.0.0", "198.19.255.255", "2001:2::1"]],
    ["6to4 relays", ["192.88.99.1"]],
    ["multicast", ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"]],
    ["reserved and broadcast", ["240.0.0.0", "255.255.255.255"]],
    ["unspecified", ["::"]],
    ["unique local", ["fc00::1", "fdff::1"]],
    ["IPv4-mapped", ["::ffff:127.0.0.1", "::ffff:8.8.8.8"]],
    ["IPv4-compatible", ["::127.0.0.1", "::8.8.8.8"]],
    ["translated", ["::ffff:0:127.0.0.1"]],
    ["NAT64", ["64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"]],
    ["6to4", ["2002:7f00:1::", "2002:808:808::1"]],
    ["Teredo", ["2001::1", "2001:0:7f00:1::"]],
    ["ORCHID", ["2001:10::1", "2001:20::1"]],
    ["discard", ["100::1"]],
    ["segment routing", ["5f00::1"]],
    ["unassigned", ["4000::1", "8000::1", "e000::1"]],
  ])("refuses %s", (_name, texts) => {
    for (const text of texts) expect([text, isPublic(text)]).toEqual([text, false]);
  });

  it("property: no address of a private network is public, in any embedding", () => {
    const private4 = new BlockList();
    private4.addSubnet("10.0.0.0", 8);
    private4.addSubnet("127.0.0.0", 8);
    private4.addSubnet("169.254.0.0", 16);
    private4.addSubnet("172.16.0.0", 12);
    private4.addSubnet("192.168.0.0", 16);
    const embeddings = ["::", "::ffff:", "::ffff:0:", "64:ff9b::", "64:ff9b:1::"];
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        const text = formatAddress(bytes);
        if (private4.check(text)) expect(isPublicAddress(bytes)).toBe(false);
        for (const prefix of embeddings) expect(isPublic(`${prefix}${text}`)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
