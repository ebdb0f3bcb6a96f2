/**
 * URLs, addresses, prefixes and grants, held against the platform's own parsers.
 *
 * What ours takes must mean the same machine to those; what ours refuses may be anything.
 *
 * @module
 */
import { isIP } from "node:net";
import { formatAddress, parseAddress } from "#host/http/address.ts";
import { Grants } from "#host/http/grants.ts";
import { isPublicAddress } from "#host/http/public-address.ts";
import { parseTarget } from "#host/http/url.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { demand, orFault, type Target } from "#test/support/fuzz/target.ts";
import { disturbed, joined } from "#test/support/fuzz/noise.ts";
import type { Tape } from "#test/support/random/tape.ts";

const NUMBERS = [
  "0",
  "1",
  "9",
  "10",
  "127",
  "169",
  "254",
  "255",
  "256",
  "0x7f",
  "017",
  "1e3",
  "00",
];
const GROUPS = [
  "0",
  "1",
  "f",
  "ffff",
  "7f00",
  "a9fe",
  "64",
  "ff9b",
  "2001",
  "db8",
  "fe80",
  "10000",
];
const LABELS = ["a", "rates", "example", "localhost", "xn--a", "-", "metadata", "1", "0x7f", "A"];
const PATHS = ["/", "a", "..", "%20", "%2f", "//", "@", ":", "=", "&", "%", "#", "\\", ";"];

function quad(tape: Tape): string {
  const parts = Array.from({ length: tape.once(8) ? 3 : 4 }, () => tape.pick(NUMBERS));
  return parts.join(".");
}

function hextets(tape: Tape): string {
  const half = (): string =>
    Array.from({ length: tape.draw(8) }, () => tape.pick(GROUPS)).join(":");
  const tail = tape.once(3) ? `:${quad(tape)}` : "";
  return `${half()}${tape.once(4) ? "" : "::"}${half()}${tail}`;
}

function hostOf(tape: Tape): string {
  switch (tape.draw(4)) {
    case 0:
      return quad(tape);
    case 1:
      return `[${hextets(tape)}]`;
    default:
      return Array.from({ length: 1 + tape.draw(4) }, () => tape.pick(LABELS)).join(".");
  }
}

function urlOf(tape: Tape): string {
  const scheme = tape.once(6) ? tape.pick(["http://", "//", "https:/", "ftp://", ""]) : "https://";
  const user = tape.once(10) ? tape.pick(["u@", "u:p@", "@", "a.b%40"]) : "";
  const port = tape.once(3) ? tape.pick([":443", ":0", ":65535", ":65536", ":", ":08", ":22"]) : "";
  const path = tape.once(3) ? "" : `/${joined(tape, PATHS, 5)}`;
  const query = tape.once(3) ? `?${joined(tape, PATHS, 4)}` : "";
  return disturbed(tape, `${scheme}${user}${hostOf(tape)}${port}${path}${query}`);
}

export const urls: Target = {
  name: "URL of a request",
  share: 20,
  run: (tape) => {
    const text = urlOf(tape);
    const target = parseTarget(text);
    if (target === undefined) return "refused";
    const { host, port, authority, path, address } = target;
    const theirs = new URL(text);
    demand(theirs.protocol === "https:" && theirs.username === "", "another scheme or user", text);
    demand(theirs.hash === "", "a fragment", text);
    const bare = theirs.hostname.replace(/^\[(.*)\]$/, "$1");
    const same = address === undefined ? bare === host : sameAddress(bare, address);
    demand(same && (isIP(bare) !== 0) === (address !== undefined), "another host", text);
    demand(theirs.port === (port === 443 ? "" : String(port)), "another port", text);
    const again = parseTarget(`https://${authority}${path}`);
    demand(again?.authority === authority && again.path === path, "not the same again", text);
    return "taken";
  },
};

function sameAddress(text: string, address: Uint8Array): boolean {
  const theirs = parseAddress(text);
  return theirs !== undefined && equalBytes(theirs, address);
}

export const addresses: Target = {
  name: "address",
  share: 10,
  run: (tape) => {
    const text = disturbed(tape, tape.once(2) ? quad(tape) : hextets(tape));
    const address = parseAddress(text);
    if (address === undefined) return "refused";
    demand(isIP(text) === (address.length === 4 ? 4 : 6), "no address to others", text);
    const canonical = formatAddress(address);
    demand(sameAddress(canonical, address), "not the same again", text);
    demand(new URL(`https://${bracketed(text)}/`).hostname === bracketed(canonical), "form", text);
    const first = address[0] ?? 0;
    const isOurs = address.length === 4 && [0, 10, 127].includes(first);
    demand(!(isOurs && isPublicAddress(address)), "a private address is public", text);
    return "taken";
  },
};

function bracketed(text: string): string {
  return text.includes(":") ? `[${text}]` : text;
}

export const grants: Target = {
  name: "grant of a cluster",
  share: 5,
  run: (tape) => {
    const subject = tape.once(2) ? hostOf(tape) : hostOf(tape).replaceAll(/[[\]]/g, "");
    const length = tape.once(2) ? tape.pick(["/0", "/8", "/32", "/33", "/128", "/129", "/"]) : "";
    const port = tape.once(3) ? tape.pick([":443", ":0", ":65536", ":1"]) : "";
    const text = disturbed(tape, `${subject}${length}${port}`);
    const parsed = orFault("EGRESS_CONFIG", () => new Grants([text]));
    if (parsed === undefined) return "refused";
    const target = parseTarget("https://a.b/");
    if (target !== undefined) parsed.allows(target, Uint8Array.of(10, 0, 0, 1));
    return "taken";
  },
};
