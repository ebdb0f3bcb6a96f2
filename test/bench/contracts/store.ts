import { Mapping } from "hermetic/contract";

/** What the benchmarks call: one value to read and write, and a way to fill the state. */
@contract
export class Store {
  value: u64 = 0;
  cells!: Mapping<u32, u64>;

  /** One read and one write of state. */
  @command
  bump(): u64 {
    this.value = this.value + 1;
    return this.value;
  }

  /** One read of state. */
  @query
  read(): u64 {
    return this.value;
  }

  /** Writes `count` keys from `first` on. */
  @command
  fill(first: u32, count: u32): void {
    for (let i: u32 = 0; i < count; i++) this.cells.set(first + i, <u64>i);
  }
}
