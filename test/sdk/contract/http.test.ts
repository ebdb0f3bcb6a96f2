/**
 * HTTP, secrets, logs and the context, as they cross between contract and host.
 *
 * @module
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { httpErrors } from "#protocol/http.ts";
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

  it("keep the order of the logs", () => {
    expect(web.query("logs").logs).toEqual(["d", "e"]);
  });
});
