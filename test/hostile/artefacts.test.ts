/**
 * ATTACKS A: what an operator may do with stored code, and what two uploads of the same code come to.
 *
 * Compiled code is never stored: what lies on disk is the uploaded file, sealed. So every start decodes,
 * checks, meters and compiles it again, with the meter of the enclave that starts.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { Contracts } from "#exec/contracts.ts";
import { admit } from "#host/vm/admit.ts";
import { METER_VERSION } from "#host/vm/meter/prices.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { contractCore, RESULT, run } from "#test/support/contract.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator, Refusal, type Disk } from "#test/support/operator.ts";
import { RawClient, sha256 } from "#test/support/raw-client.ts";
import { args, told } from "#test/support/values.ts";
import { component, constant, name, section, type Code } from "#test/support/wasm.ts";

const NAMED = /^(SEAL_(STALE|BROKEN|MISSING|VERSION)|LOG_(TRUNCATED|ENTRY_BROKEN|DIVERGED))$/;

/** Whether `part` occurs in `whole`. */
function contains(whole: Uint8Array, part: Uint8Array): boolean {
  return Buffer.from(whole.buffer, whole.byteOffset, whole.length).includes(part);
}

function blobsOf({ log, deltas, snapshot }: Disk): Uint8Array[] {
  return [...snapshot.pieces, ...deltas.map(({ sealed }) => sealed), ...log];
}

describe("15: stored code", () => {
  let probe: Uint8Array;
  let disk: Disk;
  let contract: Uint8Array;

  beforeAll(async () => {
    probe = await fixture("probe");
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    contract = await ann.deployed(probe, { method: "open" });
    await ann.command(contract, "add", args(4));
    operator.takeSnapshot();
    disk = operator.copyDisk();
  });

  it("is not to be found on disk, neither as uploaded nor as metered", () => {
    const names = ["hermetic:gas", "hermetic:contract/state@0.1.0"].map((text) =>
      new TextEncoder().encode(text),
    );
    for (const blob of blobsOf(disk)) {
      for (const part of [probe.subarray(0, 64), probe.subarray(-64), ...names]) {
        expect(contains(blob, part)).toBe(false);
      }
    }
  });

  it("edited in any blob, at its start, in the middle or at its end, never runs", () => {
    const pieces = disk.snapshot.pieces.length;
    for (let at = 0; at < pieces; at++) {
      const length = disk.snapshot.pieces[at]?.length ?? 0;
      for (const place of [0, 40, Math.floor(length / 2), length - 1]) {
        const edited = structuredClone(disk.snapshot.pieces) as Uint8Array[];
        const piece = edited[at] ?? new Uint8Array(0);
        piece[place] = (piece[place] ?? 0) ^ 0x10;
        const operator = new Operator({
          disk: { ...disk, snapshot: { ...disk.snapshot, pieces: edited } },
        });
        let end = "started";
        try {
          operator.restore();
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          end = error.code;
        }
        expect(end, `piece ${at}, byte ${place}`).toMatch(NAMED);
      }
    }
  });

  it("is admitted anew by an enclave that starts, and then runs", async () => {
    const again = new Operator({ disk }).start();
    const ann = await RawClient.open(again, 1);
    expect(told(await ann.command(contract, "add", args(1)))).toBe(5);
  });

  it("whose bytes were exchanged under its hash is not what the hash says", () => {
    // The only way code gets in: by its own hash, computed by the enclave from the bytes themselves.
    const contracts = new Contracts(nodePrimitives, MEMORY_PAGES_MAX);
    const other = probe.slice();
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    expect(contracts.codeHash(probe)).toEqual(sha256(probe));
    expect(contracts.codeHash(other)).not.toEqual(contracts.codeHash(probe));
  });

  it("says by which meter it was made", () => {
    expect(admit(probe).meterVersion).toBe(METER_VERSION);
  });
});

describe("14: the same code twice", () => {
  it("is one artefact, however many ask for it and whatever they run", async () => {
    const contracts = new Contracts(nodePrimitives, MEMORY_PAGES_MAX);
    const file = component(contractCore({}));
    const copies = Array.from({ length: 8 }, () => contracts.admit(file.slice()));
    expect(new Set(copies).size).toBe(1);
    const outcomes = copies.map((admitted) => run(admitted));
    expect(new Set(outcomes.map(({ gasUsed }) => gasUsed)).size).toBe(1);
  });

  it("is stored once when two deploy it at once, and both contracts run", async () => {
    const probe = await fixture("probe");
    const operator = new Operator().start();
    const [ann, bob] = await Promise.all([
      RawClient.open(operator, 1),
      RawClient.open(operator, 2),
    ]);
    const before = operator.copyDisk().deltas.length;
    const [one, two] = await Promise.all([
      ann.deployed(probe, { method: "open" }),
      bob.deployed(probe, { method: "open" }),
    ]);
    expect(one).not.toEqual(two);
    const sizes = operator
      .copyDisk()
      .deltas.slice(before)
      .map(({ sealed }) => sealed.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2 * probe.length);
    expect(told(await ann.command(one, "add", args(2)))).toBe(2);
    expect(told(await bob.command(two, "add", args(3)))).toBe(3);
  });
});

describe("16: sections nobody runs", () => {
  const secret = "the password is swordfish";
  const custom = (label: string): Code => section(0, [...name(label), ...name(secret)]);

  it.each(["name", "sourceMappingURL", ".debug_info", "producers", "target_features", "x"])(
    "are gone from what is compiled, wherever they stood: %s",
    (label) => {
      for (const place of [-1, 1, 3, 7, 10, 11]) {
        const extra = new Map([[place, custom(label)]]);
        const core = contractCore({ extra, command: constant(RESULT) });
        const { module } = admit(component(core, custom(label)));
        const { customSections } = WebAssembly.Module as unknown as {
          customSections(of: WebAssembly.Module, section: string): unknown[];
        };
        expect(customSections(module, label)).toEqual([]);
      }
    },
  );
});
