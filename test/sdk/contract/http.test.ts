/**
 * HTTP, secrets, logs and the context, as they cross between contract and host.
 *
 * @module
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { httpDetails, httpErrors, type HttpResult } from "#protocol/http.ts";
import { account, Guest, reply } from "#test/support/guest.ts";

let built: Guest;
let web: Guest;
beforeAll(async () => {
  built = await Guest.build("test/sdk/fixtures/web.ts");
});
beforeEach(() => {
  web = built.fresh();
});

describe("http", () => {
  it("gives status, body and headers", () => {
    const headers = [
      { name: "Content-Type", value: "a/b" },
      { name: "x-two", value: "" },
      { name: "x-two", value: "second" },
    ];
    web.answer = () => ({ ok: { status: 404, headers, body: Uint8Array.of(0x68, 0xc3) } });
    expect(web.query("status", "u").value).toBe(404);
    expect(web.query("isOk", "u").value).toBe(false);
    expect(web.query("raw", "u").value).toEqual(Uint8Array.of(0x68, 0xc3));
    expect(web.query("text", "u").value).toBe("h\uFFFD");
    expect(web.query("header", "content-type").value).toBe("a/b");
    expect(web.query("header", "X-TWO").value).toBe("");
    expect(web.query("header", "x-three").value).toBeNull();
    expect(web.query("error", "u").value).toBe("");
  });

  it.each(httpErrors)("names the error %s", (error) => {
    web.answer = () => ({ error });
    expect(web.query("error", "u").value).toBe(error);
    expect(web.query("status", "u").value).toBe(0);
    expect(web.query("isOk", "u").value).toBe(false);
    expect(web.query("text", "u").value).toBe("");
  });

  it.each(httpDetails.slice(1))("names the detail %s and says what to do", (detail) => {
    web.answer = () => ({ error: "denied", detail });
    expect(web.query("why", "u").value).toMatch(new RegExp(`^${detail}: [A-Z].*\\.$`));
  });

  it("has nothing to say where there is no detail", () => {
    web.answer = () => ({ error: "denied" });
    expect(web.query("why", "u").value).toBe(": ");
  });

  describe("http.retry()", () => {
    it.each<[string, HttpResult]>([
      ["dns", { error: "dns" }],
      ["connect", { error: "connect" }],
      ["timeout", { error: "timeout" }],
      ["protocol", { error: "protocol" }],
      ["429", reply(429, "")],
      ["502", reply(502, "")],
      ["504", reply(504, "")],
    ])("asks again after %s while it may, and gives the last answer", (_name, failure) => {
      web.answer = () => (web.requests.length < 3 ? failure : reply(201, ""));
      expect(web.query("retried", "GET", "", 5).value).toBe(3201);
      expect(web.requests).toHaveLength(3);
      web.requests.length = 0;
      web.answer = () => failure;
      web.query("retried", "GET", "", 2);
      expect(web.requests).toHaveLength(3);
    });

    it.each<[string, HttpResult]>([
      ["denied", { error: "denied" }],
      ["tls", { error: "tls" }],
      ["too-large", { error: "too-large" }],
      ["404", reply(404, "")],
      ["500", reply(500, "")],
      ["501", reply(501, "")],
    ])("does not ask again after %s", (_name, failure) => {
      web.answer = () => failure;
      web.query("retried", "GET", "", 5);
      expect(web.requests).toHaveLength(1);
    });

    it.each(["POST", "PATCH"])(
      "69: sends a %s again only if it cannot have arrived, or has a key",
      (method) => {
        const tries = (failure: HttpResult, key = ""): number => {
          web.requests.length = 0;
          web.answer = () => failure;
          web.query("retried", method, key, 2);
          return web.requests.length;
        };
        expect(tries({ error: "timeout" })).toBe(1);
        expect(tries({ error: "protocol" })).toBe(1);
        expect(tries(reply(503, ""))).toBe(1);
        expect(tries({ error: "connect" })).toBe(3);
        expect(tries({ error: "timeout" }, "k1")).toBe(3);
        expect(web.requests.map(({ headers }) => headers)).toEqual(
          Array.from({ length: 3 }, () => [{ name: "idempotency-key", value: "k1" }]),
        );
      },
    );

    it("takes the tries of several requests from one budget", () => {
      web.answer = () => reply(503, "");
      expect(web.query("shared").value).toBe(0);
      expect(web.requests.map(({ url }) => url)).toEqual(["one", "one", "one", "one", "two"]);
    });
  });

  it("draws an idempotency key if there is none", () => {
    web.query("drawn");
    const value = "000102030405060708090a0b0c0d0e0f";
    expect(web.requests[0]?.headers).toEqual([{ name: "idempotency-key", value }]);
  });

  it("sends method, address, headers and body", () => {
    web.query("posted");
    web.query("full");
    web.query("status", "https://x/?q=€");
    expect(web.requests).toEqual([
      { method: "POST", url: "p", headers: [], body: new TextEncoder().encode("büdy") },
      {
        method: "PUT",
        url: "r",
        headers: [
          { name: "a", value: "1" },
          { name: "b", value: "2" },
        ],
        body: new Uint8Array(3),
      },
      { method: "GET", url: "https://x/?q=€", headers: [] },
    ]);
  });

  it("answers side by side in the order of the requests", () => {
    web.answer = ({ url }) => (url === "one" ? { error: "timeout" } : reply(200, url));
    expect(web.query("many").value).toBe("2 timeout two");
  });

  it("works in a command", () => {
    web.answer = () => reply(200, '{"n":12}');
    expect(web.command("keep", "u").writes).toEqual(["seen"]);
  });
});

describe("ctx, secrets and log()", () => {
  it("tell where the call runs", () => {
    expect(web.query("where").value).toEqual(account(0x5e));
    expect(web.query("height").value).toBe(7);
    expect(web.query("now").value).toBe(1_700_000_000);
  });

  it("give random bytes up to the host's limit", () => {
    expect(web.query("random", 0).value).toEqual(new Uint8Array(0));
    expect(web.query("random", 3).value).toEqual(Uint8Array.of(0, 1, 2));
    expect(web.query("random", 1025).fault).toBe("REGION_TOO_LARGE");
  });

  it("give a secret, an empty one, and null for one that is not set", () => {
    web.secrets.set("key", "open sésame");
    web.secrets.set("empty", "");
    expect(web.query("secret", "key").value).toBe("open sésame");
    expect(web.query("secret", "empty").value).toBe("");
    expect(web.query("secret", "none").value).toBeNull();
  });

  it("refer to a secret by a text that is the contract's own and says nothing of the secret", () => {
    web.secrets.set("key", "open sésame");
    const reference = web.query("reference", "key").value;
    expect(reference).toMatch(/^\{secret:6b6579:[0-9a-f]{32}\}$/);
    web.secrets.set("key", "another");
    expect(web.query("reference", "key").value).toBe(reference);
    web.secret = new Uint8Array(32);
    expect(web.query("reference", "key").value).not.toBe(reference);
    expect(web.query("reference", "none").value).toBeNull();
    expect(web.query("reference", "x".repeat(65)).fault).toBe("REGION_TOO_LARGE");
  });

  it("keep the order of the logs", () => {
    expect(web.query("logs").logs).toEqual(["d", "e"]);
  });
});
