/**
 * Which addresses are public: the ones a contract may reach without a grant.
 *
 * Contracts run inside other people's networks. Anything that is not plainly global unicast is
 * refused, above all addresses that embed an IPv4 address (mapped, NAT64, 6to4, Teredo) and the
 * metadata services of clouds.
 *
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and updates).
 *
 * @module
 */
import { contains, parsePrefix, type Prefix } from "./prefix.ts";

const notPublicIPv4 = table([
  "0.0.0.0/8", // this network, RFC 791
  "10.0.0.0/8", // private, RFC 1918
  "100.64.0.0/10", // carrier-grade NAT, RFC 6598; metadata at Alibaba
  "127.0.0.0/8", // loopback, RFC 1122
  "168.63.129.16/32", // metadata and agents at Azure: a public number, but local to each machine
  "169.254.0.0/16", // link-local, RFC 3927; metadata at most clouds
  "172.16.0.0/12", // private, RFC 1918
  "192.0.0.0/24", // protocol assignments, RFC 6890; metadata at Oracle
  "192.0.2.0/24", // documentation, RFC 5737
  "192.88.99.0/24", // 6to4 relays, RFC 7526
  "192.168.0.0/16", // private, RFC 1918
  "198.18.0.0/15", // benchmarks, RFC 2544
  "198.51.100.0/24", // documentation, RFC 5737
  "203.0.113.0/24", // documentation, RFC 5737
  "224.0.0.0/4", // multicast, RFC 5771
  "240.0.0.0/4", // reserved and broadcast, RFC 1112
]);

/** Outside of it: loopback, mapped, NAT64, unique local, link-local, multicast and all unassigned. */
const globalIPv6 = table(["2000::/3"]);

const notPublicIPv6 = table([
  "2001::/23", // protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID
  "2001:db8::/32", // documentation, RFC 3849
  "2002::/16", // 6to4, RFC 3056: embeds an IPv4 address
  "3fff::/20", // documentation, RFC 9637
]);

/** @param address - 4 or 16 bytes. */
export function isPublicAddress(address: Uint8Array): boolean {
  if (address.length === 4) return !isIn(notPublicIPv4, address);
  return isIn(globalIPv6, address) && !isIn(notPublicIPv6, address);
}

function isIn(prefixes: readonly Prefix[], address: Uint8Array): boolean {
  return prefixes.some((prefix) => contains(prefix, address));
}

function table(texts: readonly string[]): readonly Prefix[] {
  return texts.map((text) => {
    const prefix = parsePrefix(text);
    if (prefix === undefined) throw new Error("A built-in prefix does not parse.");
    return prefix;
  });
}
