/**
 * The same component under two glues: ours, and the one that jco writes for it.
 *
 * Contracts of the repository and one that puts everything through every host function are called with generated
 * arguments. Both hosts must see the same host functions in the same order with the same lifted arguments,
 * and give the same result, failure or trap and the same writes. `ORACLE_RUNS` makes it longer.
 */
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { httpErrors, type HttpRequest, type HttpResult } from "#protocol/http.ts";
import type { AbiMethod } from "#protocol/abi.ts";
import type { CallMode } from "#host/functions/environment.ts";
import { hostFunctionKeys } from "#host/functions/table.ts";
import { encodeArgs } from "#sdk/client/abi/encode.ts";
import { build, type BuiltContract } from "#sdk/transform/index.ts";
import { environment } from "#test/support/contract.ts";
import { accounts, argumentsOf } from "#test/support/oracle/arguments.ts";
import { TwoHosts } from "#test/support/oracle/comparison.ts";

const RUNS = Number(process.env["ORACLE_RUNS"] ?? 12);
const CALLS_MAX = 10;
const TIMEOUT_MS = 60_000 + RUNS * 2_000;
const root = join(import.meta.dirname, "../../..");
/** Has one method for each host function, so it takes many calls to come by all of them. */
const envoy = "test/host/vm/fixtures/envoy.ts";
const sources = [
  envoy,
  "contracts/auction/auction.ts",
  "contracts/price-oracle/price-oracle.ts",
  "contracts/token/token.ts",
  "templates/hello/contracts/hello.ts",
  "templates/oracle-http/contracts/oracle.ts",
];
/** What these contracts need not use: who calls others or pages through state is in `test/host/functions`. */
const OTHERS: readonly string[] = ["contracts.call", "state.scan"];

const UNLIFTED: unknown = expect.stringContaining("invalid discriminant");

interface Step {
  readonly mode: CallMode;
  readonly method: string;
  readonly args: Uint8Array;
  readonly caller: string;
}

/** Calls of the contract's methods; some of no method, or with arguments that are no MessagePack. */
function steps({ abi }: BuiltContract): fc.Arbitrary<Step> {
  const caller = fc.constantFrom(...accounts);
  const known = abi.methods.map((method: AbiMethod) =>
    fc.record({
      // Planned methods are called through `command`.
      mode: fc.constant<CallMode>(method.kind === "scheduled" ? "command" : method.kind),
      method: fc.constant(method.name),
      args: argumentsOf(abi, method).map((values) => encodeArgs(abi, method, values)),
      caller,
    }),
  );
  const units = fc.array(fc.nat(0xffff), { maxLength: 12 });
  const unknown = fc.record({
    mode: fc.constantFrom<CallMode>("init", "command", "query"),
    method: fc.oneof(
      units.map((list) => String.fromCharCode(...list)),
      fc.constantFrom(...abi.methods.map(({ name }) => name)),
    ),
    args: fc.uint8Array({ maxLength: 40 }),
    caller,
  });
  return fc.oneof(...known, unknown);
}

/** Secrets by the length of their name: none, empty, ordinary, and text that is not well-formed. */
function secret({ length }: string): string | undefined {
  return [undefined, "", "é😀\ud800", "open sesame"][length % 4];
}

const BODY = JSON.stringify({ price: "12.5", rates: { USD: "1.25" }, n: 5 });

/** Answers by the length of the address: errors, empty and full responses. */
function answer({ url, body }: HttpRequest): HttpResult {
  const { length } = url;
  const [error] = httpErrors.slice(length % 9);
  if (length % 3 === 0 && error !== undefined) return { error };
  const headers = Array.from({ length: length % 4 }, (_, index) => ({
    name: index === 0 ? "a" : `x-${index}`,
    value: length % 5 === 0 ? "\udc00" : url.slice(0, 20),
  }));
  const content = body ?? new TextEncoder().encode(length % 7 === 0 ? "" : BODY);
  return { ok: { status: length % 2 === 0 ? 200 : 503, headers, body: content } };
}

const powers = environment({
  secret,
  http: { kind: "replay", next: (requests) => requests.map(answer) },
  random: (length, label) => new Uint8Array(length).fill(label.length),
});

const seen = { calls: new Set<string>(), ends: new Set<string>(), limits: new Set<string>() };

function compare(hosts: TwoHosts, { mode, method, args, caller }: Step): void {
  const request = { method, args, gasLimit: Number.MAX_SAFE_INTEGER };
  const given = { ...powers, caller: Buffer.from(caller, "hex") };
  const { ours, theirs, isOurLimit, writes } = hosts.call(mode, request, given);
  for (const [key = ""] of ours.calls) seen.calls.add(key);
  if (isOurLimit) {
    seen.limits.add(ours.end);
    const whole = ours.calls.slice(0, -1);
    expect(theirs.calls.slice(0, whole.length)).toEqual(whole);
    // What cannot be lifted at all never arrives there: an enum out of range.
    const next = theirs.calls[whole.length]?.[0];
    if (next === undefined) expect([ours.end, theirs.end]).toEqual(["ABI_VIOLATION", UNLIFTED]);
    else expect(next).toBe(ours.calls.at(-1)?.[0]);
    return;
  }
  seen.ends.add(ours.end.split(" ")[0] ?? "");
  expect(theirs.calls).toEqual(ours.calls);
  expect(theirs.end).toBe(ours.end);
  expect(writes[1]).toEqual(writes[0]);
}

describe("our glue and jco's", () => {
  describe.each(sources)("agree on %s", (source) => {
    let contract: BuiltContract;
    let hosts: TwoHosts;

    beforeAll(async () => {
      const { contracts } = await build({ entry: join(root, source) });
      const [built] = contracts;
      if (built === undefined) throw new Error("nothing was built");
      contract = built;
      hosts = await TwoHosts.of(built.wasm);
    });

    it(
      "property: in whatever is called",
      () => {
        const init = contract.abi.methods.find(({ kind }) => kind === "init");
        const all = steps(contract);
        const first = init === undefined ? all : all.filter(({ method }) => method === init.name);
        const calls = fc.array(all, { minLength: 2, maxLength: CALLS_MAX, size: "max" });
        fc.assert(
          fc.property(first, calls, (one, others) => {
            hosts.reset();
            for (const step of [one, ...others]) compare(hosts, step);
          }),
          { numRuns: source === envoy ? 4 * RUNS : RUNS },
        );
      },
      TIMEOUT_MS,
    );
  });

  it("used every host function, and ended in every way", () => {
    const unused = hostFunctionKeys.filter((key) => !seen.calls.has(key));
    expect(unused.filter((key) => !OTHERS.includes(key))).toEqual([]);
    const ways = ["returned", "failed", "PANIC", "METHOD_UNKNOWN", "ARGUMENTS_MALFORMED"];
    expect([...seen.ends]).toEqual(expect.arrayContaining(ways));
  });
});
