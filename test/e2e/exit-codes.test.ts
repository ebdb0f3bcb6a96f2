/**
 * Every exit code of the command, and one coded error each, against a real worker.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hermetic, hermeticJson } from "#test/support/hermetic.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
let abi: string;
let url: string;
let key: string;
let address: string;

beforeAll(async () => {
  const [artefact, worker] = await Promise.all([
    fixture("registry"),
    site.worker(site.path("data")),
  ]);
  ({ url } = await worker.ready);
  abi = site.file("registry.wasm", artefact.wasm);
  key = site.path("key");
  await hermetic(["keys", "new", "--out", key]);
  const owner = await account(url);
  const args = { title: "t", limit: 1n, keeper: null };
  ({ address } = await owner.deploy(artefact, { args }));
});

/** One verb with all it needs, as far as it is not given. */
function run(verb: string, rest: readonly string[], network = ["--allow-simulated"]) {
  const to = rest.includes("--to") ? [] : ["--to", url];
  return hermeticJson([verb, address, ...rest, "--abi", abi, "--key", key, ...to, ...network]);
}

const failure = (code: unknown) => ({
  error: {
    name: expect.any(String),
    args: expect.any(Object),
    code,
    message: expect.any(String),
  },
});

describe("exit code 0", () => {
  it("is for what worked, with no word on stderr", async () => {
    expect(await run("query", ["summary"])).toMatchObject({ status: 0, value: { value: "t/0/1" } });
  });
});

describe("exit code 1", () => {
  it("is for what the contract refused, panicked at, or spent too much on", async () => {
    expect(await run("query", ["crate", "id=1"])).toMatchObject({
      status: 1,
      value: { error: { name: "NotFound", args: {}, code: "HRM4016" } },
    });
    const fell = await run("call", ["fall", "text=ouch"]);
    expect(fell).toMatchObject({ status: 1, value: failure("HRM1305") });
    const poor = await run("query", ["summary", "--gas-limit", "10"]);
    expect(poor).toMatchObject({ status: 1, value: failure("HRM1301") });
    // What a failed command wrote is gone.
    expect((await run("query", ["summary"])).value.value).toBe("t/0/1");
  });
});

describe("exit code 2", () => {
  const mistakes: readonly (readonly [what: string, verb: string, args: readonly string[]])[] = [
    ["a method that is not there", "call", ["vanish"]],
    ["a query that is called", "call", ["summary"]],
    ["an argument too many", "query", ["crate", "--args", "[1,2]"]],
    ["an argument out of range", "query", ["crate", "--args", '["18446744073709551616"]']],
    ["a number that JSON cannot hold exactly", "query", ["crate", "--args", "[9007199254740993]"]],
    ["arguments that are no JSON", "query", ["crate", "--args", "{id}"]],
    ["a flag that is misspelt", "query", ["summary", "--arg", "[]"]],
    ["bytes that are no hexadecimal", "call", ["store", "--args", '[{"stamp":"0g"}]']],
  ];
  it.each(mistakes)("is for %s", async (_, verb, args) => {
    const ended = await run(verb, args);
    expect(ended).toMatchObject({ status: 2, value: failure(expect.stringMatching(/^HRM[24]0/)) });
    expect(ended.lines).toHaveLength(1);
  });
});

describe("exit code 3", () => {
  it("is for an enclave that the trust policy refuses", async () => {
    expect(await run("query", ["summary"], [])).toMatchObject({
      status: 3,
      value: failure("HRM2101"),
    });
    const other = ["--allow-simulated", "--measurement", "ab".repeat(32)];
    expect(await run("query", ["summary"], other)).toMatchObject({
      status: 3,
      value: failure("HRM2102"),
    });
  });
});

describe("exit code 4", () => {
  it("is for a worker that is not there, or is something else", async () => {
    const nowhere = ["--to", "http://127.0.0.1:1", "--timeout", "500"];
    expect(await run("query", ["summary", ...nowhere])).toMatchObject({
      status: 4,
      value: failure("HRM2301"),
    });
  });
});

describe("exit code 5", () => {
  it("is for everything else, such as a contract that does not exist", async () => {
    const flags = ["--abi", abi, "--key", key, "--to", url, "--allow-simulated"];
    const ended = await hermeticJson(["query", "ab".repeat(32), "summary", ...flags]);
    expect(ended).toMatchObject({ status: 5, value: failure("HRM1321") });
  });
});
