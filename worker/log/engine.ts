/**
 * What the worker process needs of an ordered, durable log of sealed entries.
 *
 * The embedded log is one file; a distributed engine orders entries among several workers behind the
 * same interface.
 *
 * @module
 */

export interface LogBatch {
  readonly firstHeight: number;
  readonly entries: readonly Uint8Array[];
}

export interface LogEngine {
  /** Height of the last durable entry; 0 when there is none. */
  readonly height: number;
  /**
   * Appends entries behind all others; one call at a time.
   *
   * @returns Height of the first, once all are durable.
   * @throws WorkerError `DATA_WRITE`: none of them counts, and nothing can be appended any more.
   */
  append(entries: readonly Uint8Array[]): Promise<number>;
  /** Durable entries from a height on, in batches of a few MiB. */
  read(fromHeight: number): AsyncIterable<LogBatch>;
  close(): Promise<void>;
}
