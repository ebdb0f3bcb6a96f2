/**
 * Goal: what a command was told belongs to that command: moved to another, altered, cut, doubled or taken away, it
 * changes the state once as it should, or not at all.
 * Method: the operator rearranges the sealed bytes of two commands; then, as if sealing were broken, entries are
 * sealed by hand with the keys that only an enclave has.
 *
 * @module
 */
import { beforeEach, describe, expect, it } from "vitest";
import { encodeTranscript, parseTranscript, type Transcript } from "#host/http/transcript.ts";
import { openEntry, sealEntry, type CommandEntry } from "#exec/entry.ts";
import { concat, equalBytes, toHex } from "#protocol/bytes.ts";
import type { HttpRequest } from "#protocol/http.ts";
import { startOracle } from "#test/support/asking.ts";
import { clusterOf } from "#test/support/entries.ts";
import { Operator, Refusal } from "#test/support/operator.ts";
import { call, ending, type RawClient, type Result } from "#test/support/raw-client.ts";
import { ok, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args, told } from "#test/support/values.ts";

const ONE = "https://rates.example/one";
const TWO = "https://rates.example/two";
/** Cuts of an entry: every hundredth of it. */
const CUTS = 100;

interface Admitted {
  readonly envelope: Uint8Array;
  readonly requestId: Uint8Array;
  readonly entry: Uint8Array;
}

describe("E66 what one command was told", () => {
  let http: ScriptedHttp;
  let operator: Operator;
  let ann: RawClient;
  let oracle: Uint8Array;
  let one: Admitted;
  let two: Admitted;

  beforeEach(async () => {
    const answer = ({ url }: HttpRequest) => ok(`answer to ${url}`);
    ({ http, operator, ann, oracle } = await startOracle(answer));
    one = await admitted(ONE);
    two = await admitted(TWO);
  });

  /** A command that was told something, on its way into the log. */
  async function admitted(url: string): Promise<Admitted> {
    const envelope = ann.envelope("command", oracle, call("ask", args(url)));
    const decision = await operator.request(envelope);
    if (decision.kind !== "admitted") throw new Error("not admitted");
    return { envelope, ...decision };
  }

  async function replyTo({ envelope, requestId }: Admitted): Promise<Result> {
    return ann.read(envelope, { kind: "answered", reply: await operator.reply(requestId) });
  }

  const count = async () => told(await ann.query(oracle, "count"));
  const last = async () => told(await ann.query(oracle, "last"));

  /** How an enclave of its own ends that is given these bytes in place of an entry. */
  function endOn(entry: Uint8Array): string {
    const other = new Operator({ http, disk: operator.copyDisk() }).start();
    try {
      other.append(entry);
      return "executed";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.code;
    }
  }

  it("cannot be put together with another command, wherever their entries are cut", () => {
    const [left, right] = [one.entry, two.entry];
    // Padded alike, so that what is joined has the right length too.
    expect(left.length).toBe(right.length);
    for (let cut = 1; cut < CUTS; cut++) {
      const at = Math.floor((left.length * cut) / CUTS);
      for (const [head, tail] of [
        [left, right],
        [right, left],
      ] as const) {
        const spliced = concat([head.subarray(0, at), tail.subarray(at)]);
        // They begin alike, with the version and the key of this boot.
        if (equalBytes(spliced, tail)) continue;
        expect(endOn(spliced), `cut at ${at}`).toBe("LOG_ENTRY_BROKEN");
      }
    }
    expect(endOn(left)).toBe("executed");
  }, 60_000);

  it("cannot be altered in the log by a bit", () => {
    for (let cut = 0; cut < CUTS; cut++) {
      const at = Math.floor((one.entry.length * cut) / CUTS);
      const flipped = one.entry.with(at, (one.entry[at] as number) ^ 1);
      // The first byte is the version of what is sealed.
      const code = at === 0 ? "SEAL_VERSION" : "LOG_ENTRY_BROKEN";
      expect(endOn(flipped), `bit of byte ${at}`).toBe(code);
    }
  }, 60_000);

  it("comes about once for each, in whatever order and however often the two stand in the log", async () => {
    operator.append(two.entry, two.entry, one.entry, two.entry, one.entry);
    expect(told(await replyTo(one))).toBe(`answer to ${ONE}`);
    expect(told(await replyTo(two))).toBe(`answer to ${TWO}`);
    expect([await count(), await last()]).toEqual([2, `answer to ${ONE}`]);
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect([toHex(operator.info().digest), http.asked.length]).toEqual([digest, 2]);
  });

  /** The entry of `victim` as an enclave without conscience would seal it. */
  function forged(victim: Admitted, change: (own: CommandEntry) => Uint8Array): Uint8Array {
    const { entries, name } = clusterOf(operator);
    const opened = openEntry(entries, name, victim.entry, operator.height + 1);
    const { entry } = opened;
    if (entry.kind !== "command") throw new Error("no command");
    return sealEntry(entries, name, { ...opened, entry: { ...entry, transcript: change(entry) } });
  }

  function transcriptOf(of: Admitted): Transcript {
    let transcript: Transcript = [];
    forged(of, (own) => {
      ({ transcript } = parseTranscript(own.transcript));
      return own.transcript;
    });
    return transcript;
  }

  const wrong: Readonly<Record<string, () => Uint8Array>> = {
    "is another command's": () => encodeTranscript(transcriptOf(one)),
    "is another command's beside its own": () =>
      encodeTranscript([...transcriptOf(two), ...transcriptOf(one)]),
    "is its own behind another command's": () =>
      encodeTranscript([...transcriptOf(one), ...transcriptOf(two)]),
    "is its own twice": () => encodeTranscript([...transcriptOf(two), ...transcriptOf(two)]),
    "is not there": () => new Uint8Array(0),
    "is empty": () => encodeTranscript([]),
    "has no result in it": () =>
      encodeTranscript(transcriptOf(two).map((each) => ({ ...each, results: [] }))),
    "has two results where one was asked for": () =>
      encodeTranscript(
        transcriptOf(two).map((each) => ({ ...each, results: [...each.results, ...each.results] })),
      ),
  };

  it.each(Object.keys(wrong))("does nothing if even so the transcript %s", async (what) => {
    operator.append(forged(two, () => wrong[what]?.() ?? new Uint8Array(0)));
    expect(ending(await replyTo(two))).toBe("HTTP_REPLAY_MISMATCH");
    expect([await count(), await last()]).toEqual([0, ""]);
    // The one whose transcript was taken is none the worse, and the other is over.
    operator.append(two.entry, one.entry);
    expect([await count(), await last()]).toEqual([1, `answer to ${ONE}`]);
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
  });

  it.each([
    ["broken", Uint8Array.of(0xc1)],
    ["of a version that there is none of", Uint8Array.of(0x93, 3, 0x90, 0)],
  ])("does nothing if even so the transcript is %s", async (_, transcript) => {
    operator.append(forged(two, () => transcript));
    expect(ending(await replyTo(two))).toBe("LOG_ENTRY_BROKEN");
    expect(await count()).toBe(0);
  });

  it("is tried anew if even so another command's transcript allows it, and comes about once", async () => {
    operator.append(forged(two, () => encodeTranscript(transcriptOf(one), 3)));
    expect(await count()).toBe(0);
    const again = await operator.anew();
    if (again?.kind !== "admitted") throw new Error("not tried anew");
    operator.append(again.entry, again.entry);
    expect(told(await replyTo(two))).toBe(`answer to ${TWO}`);
    expect(await count()).toBe(1);
  });
});
