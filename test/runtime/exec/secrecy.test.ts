/**
 * Goal: what the operator sees does not depend on secrets. Method: one history run twice, with
 * secrets of equal length; frames must agree in order, kind and size.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { parseToWorker } from "#protocol/enclave-to-worker.ts";
import { Operator } from "#test/support/operator.ts";
import { ending, RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { ok, scriptedHttp } from "#test/support/scripted-http.ts";
import { args } from "#test/support/values.ts";

interface Secrets {
  readonly amount: number;
  readonly bytes: Uint8Array;
  readonly text: string;
}

describe("what the operator sees", () => {
  let probeCode: Uint8Array;
  let oracleCode: Uint8Array;

  beforeAll(async () => {
    probeCode = await fixture("probe");
    oracleCode = await fixture("oracle");
  });

  /** Every frame and entry of one history, as kind and size. Gas travels inside sealed replies. */
  async function view({ amount, bytes, text }: Secrets): Promise<string[]> {
    const operator = new Operator({ http: scriptedHttp(() => ok(text)) }).start();
    const ann = await RawClient.open(operator, 1);
    const secrets = [["key", text]] as const;
    const probe = await ann.deployed(probeCode, { method: "open", secrets });
    const oracle = await ann.deployed(oracleCode, { method: "open" });
    const results = [
      await ann.command(probe, "keep", args(bytes)),
      await ann.command(probe, "add", args(amount)),
      await ann.command(probe, "addAtMost", args(amount, 1000)),
      await ann.query(probe, "peek"),
      await ann.query(probe, "noteAt", args(0)),
      await ann.query(probe, "secret", args("key")),
      await ann.command(oracle, "ask", args(`https://one.example/${text}`)),
    ];
    for (const result of results) expect(ending(result)).toBe("returned");
    operator.takeSnapshot();
    operator.start();
    const seen = operator.frames.map((frame) => `${parseToWorker(frame).type} ${frame.length}`);
    return [...seen, ...operator.disk.log.map(({ length }) => `entry ${length}`)];
  }

  it("is equal in order, kind and size for secrets of equal length", async () => {
    const one = await view({ amount: 1, bytes: new Uint8Array(40).fill(1), text: "aaaaaaaa" });
    const other = await view({ amount: 99, bytes: new Uint8Array(40).fill(250), text: "zyxwvuts" });
    expect(other).toEqual(one);
  });

  it("hides lengths within a bucket", async () => {
    const one = await view({ amount: 1, bytes: new Uint8Array(2).fill(1), text: "a" });
    const other = await view({
      amount: 1,
      bytes: new Uint8Array(40).fill(1),
      text: "a".repeat(20),
    });
    expect(other).toEqual(one);
  });

  it("does not tell one failure from another, nor a failure from a success", async () => {
    const shape = async (method: string, given: Uint8Array): Promise<string[]> => {
      const operator = new Operator().start();
      const ann = await RawClient.open(operator, 1);
      const probe = await ann.deployed(probeCode, { method: "open" });
      const before = operator.frames.length;
      await ann.command(probe, method, given);
      const frames = operator.frames.slice(before);
      return frames.map((frame) => `${parseToWorker(frame).type} ${frame.length}`);
    };
    const failed = await shape("addAtMost", args(9, 7));
    expect(await shape("stop", args(0))).toEqual(failed);
    expect(await shape("stop", args(1))).toEqual(failed);
    expect(await shape("nothing", args(1))).toEqual(failed);
    expect(await shape("addAtMost", args(7, 9))).toEqual(failed);
  });
});
