import { log, Level, Mapping } from "hermetic/contract";

function endless(): u64 {
  let value: u64 = 1;
  while (value != 0) value *= 3;
  return value;
}

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

  @query
  nothing(): void {}

  /** Runs until its gas is used up. */
  @query
  spin(): u64 {
    return endless();
  }

  @command
  spinOn(): u64 {
    return endless();
  }

  /** Writes `count` keys from `first` on. */
  @command
  fill(first: u32, count: u32): void {
    for (let i: u32 = 0; i < count; i++) this.cells.set(first + i, <u64>i);
  }

  /** Reads `count` keys from `first` on. */
  @command
  sum(first: u32, count: u32): u64 {
    let sum: u64 = 0;
    for (let i: u32 = 0; i < count; i++) sum += this.cells.get(first + i);
    return sum;
  }

  /** Holds a text by which a benchmark makes this code another code. */
  @query
  mark(): void {
    log(Level.info, "new code 00000000");
  }
}
