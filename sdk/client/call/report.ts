/**
 * What is known of a call besides its value, whether it succeeded or not.
 *
 * @module
 */
import type { Panic, ReplyLog } from "#protocol/reply.ts";
import type { Proof } from "#sdk/client/call/proof.ts";

const levels = ["debug", "info", "warn", "error"] as const;

/** One line the contract logged; only its caller can read it. */
export interface LogLine {
  readonly level: (typeof levels)[number];
  readonly text: string;
}

export interface CallReport {
  /** Address of the contract, hex. */
  readonly contract: string;
  readonly method: string;
  /** The command's own height in the log, or the height a query saw. */
  readonly height: number;
  readonly gasUsed: number;
  readonly logs: readonly LogLine[];
  readonly proof: Proof;
  /** Where the contract gave up, when it did. */
  readonly panic?: Panic;
  /** Byte offsets in the uploaded core module, innermost first: places in its source map. */
  readonly trace?: readonly number[];
}

export function logLine(log: ReplyLog): LogLine {
  return { level: levels[log.level] ?? "error", text: log.text };
}
