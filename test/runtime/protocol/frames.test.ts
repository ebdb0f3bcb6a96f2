import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat } from "#protocol/bytes.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";
import { FRAME_BYTES_MAX } from "#protocol/limits.ts";

function stream(frames: readonly Uint8Array[]): Uint8Array {
  return concat(frames.flatMap((frame) => [frameHeader(frame), frame]));
}

/** Cuts bytes at the given places, which may repeat. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  const edges = [0, ...sorted, bytes.length];
  return edges.slice(1).map((end, at) => bytes.slice(edges[at], end));
}

describe("FrameReader", () => {
  it("property: any cutting of the stream gives the same frames", () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 8 });
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 20 }), (sent, places) => {
        const reader = new FrameReader();
        const received = cut(stream(sent), places).flatMap((piece) => reader.push(piece));
        expect(received).toEqual(sent);
      }),
      { numRuns: 1000 },
    );
  });

  it("reads a stream that comes byte by byte", () => {
    const sent = [new Uint8Array(0), Uint8Array.of(1), new Uint8Array(300).fill(2)];
    const reader = new FrameReader();
    const received = [...stream(sent)].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect(received).toEqual(sent);
  });

  it("takes a length at the limit", () => {
    const reader = new FrameReader();
    expect(reader.push(frameHeader(new Uint8Array(FRAME_BYTES_MAX)))).toEqual([]);
    expect(reader.push(new Uint8Array(FRAME_BYTES_MAX - 1))).toEqual([]);
    expect(reader.push(new Uint8Array(1))[0]).toHaveLength(FRAME_BYTES_MAX);
  });

  it.each([
    ["one byte over the limit", FRAME_BYTES_MAX + 1],
    ["4 GiB", 2 ** 32 - 1],
  ])("refuses a length of %s before anything is allocated for it", (_, length) => {
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, length);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => new FrameReader().push(header)).toThrow("MESSAGE_MALFORMED");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it("gives the frames before a bad one no chance to hide it", () => {
    const bad = concat([stream([Uint8Array.of(1)]), Uint8Array.of(0xff, 0xff, 0xff, 0xff)]);
    expect(() => new FrameReader().push(bad)).toThrow("MESSAGE_MALFORMED");
  });
});
