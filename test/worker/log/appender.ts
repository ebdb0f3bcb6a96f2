/**
 * Appends to a log until it is killed, and prints each height once it is confirmed.
 *
 * @module
 */
import { writeSync } from "node:fs";
import { EmbeddedLog } from "#worker/log/embedded.ts";

const log = await EmbeddedLog.open(process.argv[2] as string);
for (;;) {
  const first = log.height + 1;
  const count = 1 + (first % 5);
  const bytes = 20 + ((first * 97) % 3_000);
  await log.append(
    Array.from({ length: count }, (_, at) => new Uint8Array(bytes).fill(first + at)),
  );
  writeSync(1, `${log.height}\n`);
}
