/**
 * `WorkerError`: an expected failure of the worker process, with a number that `hermetic explain` knows.
 *
 * The operator reads it on his own machine, so unlike a fault of the enclave it may name a file.
 *
 * @module
 */
import type { Facts } from "#protocol/fault.ts";
import { readableCode } from "#protocol/faults.ts";
import { workerCodes, type WorkerCode } from "#worker/codes.ts";

export interface WorkerErrorDetails {
  /** What it is about: a path, a flag, an address. Shown with control characters escaped. */
  readonly subject?: string;
  readonly facts?: Facts;
  readonly cause?: unknown;
}

export class WorkerError extends Error {
  readonly reason: WorkerCode;
  readonly subject: string | undefined;
  readonly facts: Facts;

  constructor(reason: WorkerCode, { subject, facts = {}, cause }: WorkerErrorDetails = {}) {
    super(subject === undefined ? reason : `${reason}: ${subject}`, { cause });
    this.name = "WorkerError";
    this.reason = reason;
    this.subject = subject;
    this.facts = facts;
  }

  get number(): number {
    return workerCodes[this.reason];
  }

  /** As users see and look it up: `HRM4201`. */
  get code(): string {
    return readableCode(this.number);
  }
}

/** A path or address, with what the system said about it where it said something. */
export function withReason(subject: string, error: unknown): string {
  const errno = systemCode(error);
  return errno === undefined ? subject : `${subject} (${errno})`;
}

/** The error code of a failed system call, such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
