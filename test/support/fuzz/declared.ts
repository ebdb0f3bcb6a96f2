/**
 * What a contract declares, where redirects lead, and references to secrets.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { redirected } from "#host/http/redirect.ts";
import { conceal, reveal, type SecretKeeper } from "#host/http/secret-reference.ts";
import { parseTarget } from "#host/http/url.ts";
import { pack } from "#protocol/codec.ts";
import { httpRedirects } from "#protocol/http.ts";
import {
  encodeHttpGrants,
  grantDefaults,
  parseHttpGrants,
  parseOrigin,
} from "#protocol/http-grant.ts";
import { demand, orFault, type Target } from "#test/support/fuzz/target.ts";
import { disturbed, garbled, joined, noise } from "#test/support/fuzz/noise.ts";
import type { Tape } from "#test/support/random/tape.ts";

const HOSTS = [
  "a.b",
  "rates.example",
  "*.example",
  "*",
  "127.0.0.1",
  "[::1]",
  "A.b",
  "-a.b",
  "a..b",
];
const PORTS = ["", "", ":1", ":443", ":65536", ":*", ":01", ":"];

function originOf(tape: Tape): string {
  return disturbed(tape, `https://${tape.pick(HOSTS)}${tape.pick(PORTS)}`);
}

function checkOrigin(text: string): void {
  const origin = parseOrigin(text);
  demand(origin !== undefined, "an origin that is none", text);
  if (text.includes("*") || /^https:\/\/[\d.]+(:|$)/.test(text) || text.includes("[")) return;
  // A name that ends in a number is no name to others, and no request can name it.
  const isNumber = /\.?(?:[0-9]+|0x[0-9a-f]*)$/.test(origin.host);
  demand(isNumber || new URL(text).origin === text, "another origin", text);
}

export const sections: Target = {
  name: "grants of a contract",
  share: 4,
  run: (tape) => {
    const list = Array.from({ length: tape.draw(3) }, () => [
      originOf(tape),
      Array.from({ length: tape.once(4) ? tape.draw(4) : 1 }, () => tape.draw(7)),
      Array.from({ length: tape.draw(3) }, () => tape.pick(["x-a", "*", "X-A", "", "a b"])),
      tape.draw(65_536),
      tape.draw(65_536),
      tape.draw(httpRedirects.length + (tape.once(8) ? 1 : 0)),
      tape.draw(65_536) % (tape.once(8) ? 65_536 : 60_001),
      Array.from({ length: tape.draw(2) }, () => new Uint8Array(tape.once(8) ? 31 : 32)),
    ]);
    const bytes = pack([tape.once(20) ? 2 : 1, list]);
    const section = tape.once(2) ? bytes : garbled(tape, bytes);
    const parsed = orFault("MODULE_MALFORMED", () => parseHttpGrants(section, "MODULE_MALFORMED"));
    if (parsed === undefined) return "refused";
    for (const { origin } of parsed) checkOrigin(origin);
    const again = parseHttpGrants(encodeHttpGrants(parsed), "MODULE_MALFORMED");
    demand(isDeepStrictEqual(again, parsed), "not the same again", [...section]);
    return "taken";
  },
};

const PLACES = [
  "/",
  "//",
  "https:",
  "http:",
  "a.b",
  "c.d",
  ":8443",
  "..",
  "?",
  "#",
  "\\",
  "@",
  "%2f",
  "x",
];

const LOCATIONS = [
  "/",
  "/x?y#z",
  "?q",
  "//c.d/x",
  "https://a.b:443/",
  "https://c.d",
  "HTTPS://A.B/",
];

export const redirects: Target = {
  name: "redirect",
  share: 4,
  run: (tape) => {
    const target = parseTarget("https://a.b/one/two?three");
    if (target === undefined) throw new Error("a URL that is none");
    const location = disturbed(tape, tape.once(3) ? joined(tape, PLACES, 5) : tape.pick(LOCATIONS));
    const grant = { ...grantDefaults, origin: "https://*", redirects: tape.pick(httpRedirects) };
    const status = tape.pick(tape.once(4) ? [200, 300, 304] : [301, 302, 303, 307, 308]);
    const headers = [
      { name: "authorization", value: "secret" },
      { name: "accept", value: "text/plain" },
    ];
    const request = { method: tape.pick(["GET", "POST"] as const), url: "https://a.b/", headers };
    const result = {
      ok: { status, headers: [{ name: "location", value: location }], body: new Uint8Array(0) },
    };
    const next = redirected(request, { ...request, target, grant }, result, tape.draw(7));
    if (next === undefined) return "refused";
    if ("error" in next) {
      demand(next.error === "denied" && next.detail === "redirect", "another error", next);
      return "refused";
    }
    demand(grant.redirects !== "none", "followed without a grant", location);
    const theirs = new URL(location, "https://a.b/one/two?three");
    demand(new URL(next.url).origin === theirs.origin, "another origin", location);
    const isElsewhere = theirs.origin !== "https://a.b";
    demand(!(isElsewhere && grant.redirects === "same-origin"), "elsewhere", location);
    const names = next.headers.map(({ name }) => name);
    demand(!(isElsewhere && names.includes("authorization")), "a credential goes along", location);
    return "taken";
  },
};

const SECRET = "sk-live-0123456789";
const TAG = "0123456789abcdef".repeat(2);

const keeper: SecretKeeper = {
  value: (name) => (name === "key" ? SECRET : undefined),
  reference: (name) => `{secret:${Buffer.from(name).toString("hex")}:${TAG}}`,
};

export const secrets: Target = {
  name: "reference to a secret",
  share: 2,
  run: (tape) => {
    const own = keeper.reference("key");
    const pieces = [
      own,
      keeper.reference("none"),
      own.replace("0", "1"),
      "{secret:",
      "}",
      "Bearer ",
    ];
    const value = disturbed(tape, joined(tape, pieces, 3));
    const revealed = reveal([{ name: "authorization", value }], keeper);
    const sent = revealed?.headers[0]?.value ?? "";
    demand(
      sent.includes(SECRET) === value.includes(own) || revealed === undefined,
      "a secret",
      value,
    );
    const body = Buffer.concat(
      Array.from({ length: tape.draw(6) }, () =>
        tape.once(2) ? Buffer.from(SECRET.slice(0, tape.draw(SECRET.length + 1))) : noise(tape, 4),
      ),
    );
    const ok = { status: 200, headers: [{ name: "x", value: sent }], body };
    const clean = conceal({ ok }, [SECRET]);
    demand(!("error" in clean), "an error", value);
    const left = Buffer.from(clean.ok.body);
    demand(!left.includes(SECRET) && left.length <= body.length, "a secret is left", [...body]);
    demand(!clean.ok.headers[0]?.value.includes(SECRET), "a secret is left", sent);
    return revealed === undefined ? "refused" : "taken";
  },
};
