/** The longest chain from a start below a number: branches and 64-bit arithmetic, nothing else. */
@contract
export class Collatz {
  @query
  run(below: u32): u32 {
    let longest: u32 = 0;
    for (let start: u64 = 1; start < below; start++) {
      let value = start;
      let steps: u32 = 0;
      while (value != 1) {
        value = value % 2 == 0 ? value / 2 : 3 * value + 1;
        steps++;
      }
      if (steps > longest) longest = steps;
    }
    return longest;
  }
}
