/**
 * The enclave's pipe: order, and how much leaves in one write.
 */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { concat } from "#protocol/bytes.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";
import { Pipe } from "#platform/pipe.ts";

function framed(...numbers: number[]): Uint8Array {
  return concat(
    numbers.flatMap((number) => {
      const bytes = Uint8Array.of(number);
      return [frameHeader(bytes), bytes];
    }),
  );
}

/** Sends numbers in one piece to a pipe that answers each with itself, a few promises later. */
async function echoed(numbers: number[]): Promise<number[][]> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const writes: number[][] = [];
  const reader = new FrameReader();
  output.on("data", (chunk: Uint8Array) => {
    writes.push(reader.push(chunk).map((frame) => Number(frame[0])));
  });
  const answer = async (frame: Uint8Array): Promise<void> => {
    for (let hop = 0; hop < 5; hop++) await Promise.resolve();
    pipe.send(frame);
  };
  const pipe = new Pipe(input, output, (frame) => void answer(frame.slice()));
  input.write(framed(...numbers));
  while (writes.flat().length < numbers.length) await once(output, "data");
  return writes;
}

describe("Pipe", () => {
  it("answers in order, and few answers in one write", async () => {
    expect(await echoed([1, 2, 3])).toEqual([[1, 2, 3]]);
  });

  it("lets no answer wait for many others", async () => {
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    const writes = await echoed(numbers);
    expect(writes.flat()).toEqual(numbers);
    expect(Math.max(...writes.map((write) => write.length))).toBe(4);
  });

  it("takes a frame after what the one before it set off", async () => {
    const input = new PassThrough();
    const order: string[] = [];
    const pipe = new Pipe(input, new PassThrough(), (frame) => {
      order.push(`frame ${frame[0]}`);
      void Promise.resolve().then(() => order.push(`after ${frame[0]}`));
    });
    pipe.send(Uint8Array.of(0));
    input.write(framed(1, 2));
    await new Promise((resolve) => void setImmediate(resolve));
    expect(order).toEqual(["frame 1", "after 1", "frame 2", "after 2"]);
  });
});
