/**
 * Commands that run ahead of the log to ask the outside world, in hostile hands.
 */
import { beforeEach, describe, expect, it } from "vitest";
import type { HttpResult } from "#protocol/http.ts";
import {
  COMMAND_GAS_MAX,
  MEMORY_PAGES_MAX,
  QUERY_GAS_MAX,
  SUSPENDED_BYTES_MAX,
} from "#protocol/limits.ts";
import { RATE_URL, startAsking } from "#test/support/asking.ts";
import { contractCore, RESULT } from "#test/support/contract.ts";
import { fixture } from "#test/support/fixtures.ts";
import type { Operator } from "#test/support/operator.ts";
import { call, ending, type RawClient } from "#test/support/raw-client.ts";
import { ok, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args } from "#test/support/values.ts";
import {
  brIf,
  call as callFunction,
  component,
  constant,
  drop,
  get,
  i32,
  loop,
  set,
  sub,
  tee,
} from "#test/support/wasm.ts";

/** Gas of one turn of the loop below. */
const TURN_GAS = 5;

describe("a command that runs ahead", () => {
  let http: ScriptedHttp;
  let operator: Operator;
  let ann: RawClient;

  beforeEach(async () => {
    ({ http, operator, ann } = await startAsking(() => ok("fine")));
  });

  it("17 and 66: gets no more gas than in the log, so it asks nothing that the log would not ask", async () => {
    const turns = Math.floor(COMMAND_GAS_MAX / TURN_GAS) + 1;
    const spin = loop([...get(4), ...constant(1), sub, ...tee(4), ...brIf(0)]);
    const fetch = [...constant(64), ...constant(1), ...constant(RESULT), ...callFunction(0)];
    const core = contractCore({
      imports: ["http.fetch"],
      locals: [[1, i32]],
      command: [...constant(turns), ...set(4), ...spin, ...fetch, ...constant(RESULT)],
    });
    const spender = await ann.deployed(component(core));
    const body = call("", undefined, QUERY_GAS_MAX);
    expect(ending(await ann.submit(ann.envelope("command", spender, body)))).toBe("OUT_OF_GAS");
    expect(http.asked).toEqual([]);
  });

  it("43: that waited while its copy was executed is a replay, and does not enter the log again", async () => {
    const oracle = await ann.deployed(await fixture("oracle"), { method: "open" });
    const slow = Promise.withResolvers<HttpResult>();
    const envelope = ann.envelope("command", oracle, call("ask", args(RATE_URL)));
    http.answer = () => slow.promise;
    const waiting = operator.request(envelope);
    await expect.poll(() => http.asked.length).toBe(1);
    http.answer = () => ok("fast");
    expect(ending(await ann.submit(envelope))).toBe("returned");
    slow.resolve(ok("slow"));
    expect(await waiting).toMatchObject({ kind: "rejected", code: "SESSION_REPLAYED" });
  });
});

describe("calls that wait", () => {
  it("84: hold so much memory together and no more; then the same command may come again", async () => {
    const world = Promise.withResolvers<HttpResult>();
    const { operator, ann } = await startAsking(() => world.promise);
    const code = [
      ...[...constant(MEMORY_PAGES_MAX - 1), 0x40, 0x00, drop],
      ...[...constant(64), ...constant(1), ...constant(RESULT), ...callFunction(0)],
      ...constant(RESULT),
    ];
    const core = contractCore({ imports: ["http.fetch"], command: code, query: code });
    const hoarder = await ann.deployed(component(core));
    const body = call("", undefined, COMMAND_GAS_MAX);
    const most = SUSPENDED_BYTES_MAX / (MEMORY_PAGES_MAX * 65_536) - 1;
    const waiting = Array.from({ length: most }, () =>
      operator.request(ann.envelope("query", hoarder, body)),
    );
    expect(ending(await ann.submit(ann.envelope("query", hoarder, body)))).toBe("BUSY");
    const command = ann.envelope("command", hoarder, body);
    expect(await operator.submit(command)).toMatchObject({ kind: "rejected", code: "BUSY" });
    world.resolve(ok("now"));
    await Promise.all(waiting);
    expect(ending(await ann.submit(command))).toBe("returned");
  }, 30_000);
});
