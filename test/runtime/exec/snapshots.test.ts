import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { FRAME_BYTES_MAX } from "#protocol/limits.ts";
import { Operator, Refusal, type Disk } from "#test/support/operator.ts";
import { RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args, returned } from "#test/support/values.ts";

describe("a snapshot of a large state", () => {
  let operator: Operator;
  let disk: Disk;
  let digest: string;

  beforeAll(async () => {
    operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    for (const salt of [1, 2]) {
      const parts = { method: "open", salt: Uint8Array.of(salt) };
      const probe = await ann.deployed(await fixture("probe"), parts);
      for (let i = 0; i < 4; i++) {
        expect(returned(await ann.command(probe, "add", args(i)))).toBeTypeOf("number");
        await ann.command(probe, "note", args(i, 1, 900_000));
      }
    }
    digest = toHex(operator.info().digest);
    operator.takeSnapshot();
    disk = operator.copyDisk();
  });

  function on(pieces: readonly Uint8Array[]): string {
    const snapshot = { height: disk.snapshot.height, pieces };
    const restarted = new Operator({ disk: { ...disk, log: [...disk.log], snapshot } });
    try {
      restarted.restore();
      return "started";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.code;
    }
  }

  it("comes in several pieces, each far under a frame", () => {
    const { pieces } = disk.snapshot;
    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(FRAME_BYTES_MAX / 4);
  });

  it("restores the same digest", () => {
    const log = disk.log.slice(0, disk.snapshot.height);
    const restarted = new Operator({ disk: { ...disk, log, deltas: [] } });
    restarted.restore();
    expect(toHex(restarted.info().digest)).toBe(digest);
    expect(on(disk.snapshot.pieces)).toBe("started");
  });

  it("is refused with a piece missing, repeated, out of order or changed", () => {
    const { pieces } = disk.snapshot;
    const [first, second, ...rest] = pieces as [Uint8Array, Uint8Array, ...Uint8Array[]];
    const changed = second.slice();
    changed[1000] = (changed[1000] ?? 0) ^ 0x80;
    expect(on([second, ...rest])).toBe("SEAL_MISSING");
    expect(on([first, ...rest])).toBe("SEAL_MISSING");
    expect(on(pieces.slice(0, -1))).toBe("SEAL_MISSING");
    expect(on([first, first, second, ...rest])).toBe("SEAL_MISSING");
    expect(on([second, first, ...rest])).toBe("SEAL_MISSING");
    expect(on([first, changed, ...rest])).toBe("SEAL_BROKEN");
    expect(on([...pieces, first])).toBe("SEAL_MISSING");
  });

  it("is refused when pieces of a later snapshot are mixed in", () => {
    const later = new Operator({ disk: operator.copyDisk() }).start();
    const { pieces } = later.makeSnapshot();
    const { pieces: own } = disk.snapshot;
    for (let at = 1; at < own.length; at++) {
      expect(on([...own.slice(0, at), ...pieces.slice(at)])).toBe("SEAL_BROKEN");
    }
  });

  it("is cut alike by every enclave, so pieces of one height may stand for each other", () => {
    const log = disk.log.slice(0, disk.snapshot.height);
    const other = new Operator({ disk: { ...disk, log, deltas: [] } });
    other.restore({ rebuild: true });
    const { pieces } = other.makeSnapshot();
    const { pieces: own } = disk.snapshot;
    expect(pieces.map(({ length }) => length)).toEqual(own.map(({ length }) => length));
    expect(on([...own.slice(0, 2), ...pieces.slice(2)])).toBe("started");
  });
});
