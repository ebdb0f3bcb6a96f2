import { beforeAll, describe, expect, it } from "vitest";
import type { Operator } from "#test/support/operator.ts";
import { ending, type RawClient, replyOf } from "#test/support/raw-client.ts";
import { startWith } from "#test/support/started.ts";
import { args, returned, told } from "#test/support/values.ts";

describe("Enclave, serving a contract", () => {
  let operator: Operator;
  let ann: RawClient;
  let probe: Uint8Array;

  beforeAll(async () => {
    ({ operator, ann, contract: probe } = await startWith("probe"));
  });

  it("answers a command with its value, events and logs", async () => {
    const reply = replyOf(await ann.command(probe, "add", args(5)));
    expect(returned(reply)).toBe(5);
    expect(reply.events.map(({ name }) => name)).toEqual(["Added"]);
    expect(reply.logs).toEqual([{ level: 1, text: "added" }]);
    expect(reply.height).toBe(operator.height);
    expect(reply.head.height).toBe(reply.height);
    expect(reply.gasUsed).toBeGreaterThan(0);
  });

  it("answers a query from committed state", async () => {
    expect(told(await ann.query(probe, "peek"))).toBe(5);
    expect(told(await ann.query(probe, "who"))).toEqual(ann.account);
  });

  it.each([
    ["a typed failure", "addAtMost", args(5, 7), "TooMuch"],
    ["a panic", "stop", args(0), "PANIC"],
    ["a trap", "stop", args(1), "TRAP"],
    ["an endless loop", "stop", args(2), "OUT_OF_GAS"],
    ["endless recursion", "stop", args(3), "STACK_OVERFLOW"],
    ["a write outside of memory", "stop", args(4), "TRAP"],
    ["a method nobody wrote", "nothing", args(), "METHOD_UNKNOWN"],
    ["a query called as a command", "peek", args(), "METHOD_UNKNOWN"],
    ["missing arguments", "add", args(), "ARGUMENTS_MALFORMED"],
    ["one argument too many", "add", args(1, 2), "ARGUMENTS_MALFORMED"],
    ["arguments of another type", "add", args("1"), "ARGUMENTS_MALFORMED"],
    ["arguments that are no MessagePack", "add", Uint8Array.of(0xc1), "ARGUMENTS_MALFORMED"],
  ])("ends %s as such, and keeps none of its writes and events", async (_, method, given, end) => {
    const reply = replyOf(await ann.command(probe, method, given));
    expect(ending(reply)).toBe(end);
    expect(reply.events).toEqual([]);
    expect(reply.height).toBe(operator.height);
    expect(told(await ann.query(probe, "peek"))).toBe(5);
    expect(told(await ann.query(probe, "noteAt", args(9)))).toBe(null);
  });
});
