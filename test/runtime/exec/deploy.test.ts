import { beforeEach, describe, expect, it } from "vitest";
import { toHex, utf8 } from "#protocol/bytes.ts";
import { Operator } from "#test/support/operator.ts";
import { call, ending, RawClient, replyOf, sha256, ZERO32 } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args, returned, told } from "#test/support/values.ts";

describe("deployment", () => {
  let operator: Operator;
  let ann: RawClient;
  let component: Uint8Array;

  beforeEach(async () => {
    operator = new Operator().start();
    ann = await RawClient.open(operator, 1);
    component = await fixture("probe");
  });

  it("answers with the address and the hash of the code", async () => {
    const reply = replyOf(await ann.deploy(component, { method: "open" }));
    expect(returned(reply)).toHaveLength(32);
    expect(reply.codeHash).toEqual(sha256(component));
  });

  it("gives every deployer, salt and argument an address of its own", async () => {
    const bob = await RawClient.open(operator, 2);
    const addresses = [
      await ann.deployed(component, { method: "open" }),
      await ann.deployed(component, { method: "open", salt: Uint8Array.of(1) }),
      await bob.deployed(component, { method: "open" }),
    ].map(toHex);
    expect(new Set(addresses).size).toBe(3);
  });

  it("refuses to deploy the same twice, and leaves the first as it was", async () => {
    const probe = await ann.deployed(component, { method: "open" });
    await ann.command(probe, "add", args(5));
    expect(ending(await ann.deploy(component, { method: "open" }))).toBe("CONTRACT_EXISTS");
    expect(told(await ann.query(probe, "peek"))).toBe(5);
  });

  it("leaves nothing of a contract whose @init fails", async () => {
    const secrets = [["key", "open sesame"]] as const;
    expect(ending(await ann.deploy(component, { method: "shut", secrets }))).toBe("METHOD_UNKNOWN");
    const { deltas } = operator.disk;
    expect(deltas.at(-1)?.sealed.length).toBeLessThan(component.length);
    expect(told(await ann.deploy(component, { method: "open" }))).toHaveLength(32);
  });

  it("runs @init once only: nobody can call it later", async () => {
    const probe = await ann.deployed(component, { method: "open" });
    expect(ending(await ann.command(probe, "open"))).toBe("METHOD_UNKNOWN");
    expect(ending(await ann.query(probe, "open"))).toBe("METHOD_UNKNOWN");
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["noise", utf8("not a component")],
    ["a component cut short", "half"],
  ])("refuses %s before it enters the log", async (_, given) => {
    const before = operator.height;
    const bytes =
      given === "half" ? component.slice(0, component.length / 2) : (given as Uint8Array);
    expect(ending(await ann.deploy(bytes, { method: "open" }))).toMatch(/^(MODULE|COMPONENT)_/);
    expect(operator.height).toBe(before);
  });

  it("refuses a deployment sent as a query, and a call without a contract", async () => {
    const body = { op: "deploy", code: { component }, salt: ZERO32, method: "open" } as const;
    const deploy = { ...body, args: args(), gasLimit: 1e8, secrets: [] } as const;
    expect(ending(await ann.submit(ann.envelope("query", ZERO32, deploy)))).toBe("ENVELOPE_KIND");
    expect(ending(await ann.submit(ann.envelope("query", ZERO32, call("peek"))))).toBe(
      "CONTRACT_UNKNOWN",
    );
    expect(ending(await ann.command(ZERO32, "add", args(1)))).toBe("CONTRACT_UNKNOWN");
  });

  it("charges no more gas than the limit says, in the smallest steps", async () => {
    const probe = await ann.deployed(component, { method: "open" });
    const { gasUsed } = replyOf(await ann.command(probe, "add", args(5)));
    const exact = replyOf(await ann.command(probe, "add", args(5), gasUsed + 10_000));
    expect(ending(exact)).toBe("returned");
    for (const gasLimit of [0, 1, gasUsed / 2]) {
      const reply = replyOf(await ann.command(probe, "add", args(5), Math.floor(gasLimit)));
      expect(ending(reply)).toBe("OUT_OF_GAS");
      expect(reply.gasUsed).toBe(Math.floor(gasLimit));
    }
    expect(told(await ann.query(probe, "peek"))).toBe(10);
  });
});

describe("secrets of a contract", () => {
  it("are told to that contract only, and never to the operator", async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    const secrets = [
      ["key", "open sesame"],
      ["naïve", "çà et là"],
    ] as const;
    const component = await fixture("probe");
    const one = await ann.deployed(component, { method: "open", secrets });
    const other = await ann.deployed(component, { method: "open", salt: Uint8Array.of(1) });
    expect(told(await ann.query(one, "secret", args("key")))).toBe("open sesame");
    expect(told(await ann.query(one, "secret", args("naïve")))).toBe("çà et là");
    expect(told(await ann.query(one, "secret", args("Key")))).toBe(null);
    expect(told(await ann.query(other, "secret", args("key")))).toBe(null);
    operator.takeSnapshot();
    const shown = [...operator.frames, ...operator.disk.log].map((bytes) => Buffer.from(bytes));
    expect(shown.some((bytes) => bytes.includes("open sesame"))).toBe(false);
    operator.start();
    expect(told(await ann.query(one, "secret", args("key")))).toBe("open sesame");
  });
});

describe("randomness", () => {
  it("is new for every request, and its own in every contract and query", async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    const component = await fixture("probe");
    const probe = await ann.deployed(component, { method: "open" });
    const drawn = [
      await ann.command(probe, "roll"),
      await ann.command(probe, "roll"),
      await ann.query(probe, "dice"),
      await ann.query(probe, "dice"),
    ].map((result) => toHex(returned(result) as Uint8Array));
    expect(new Set(drawn).size).toBe(4);
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
  });
});
