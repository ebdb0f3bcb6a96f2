import { Random } from "./support/random";

class Bid {
  constructor(
    public amount: u32,
    public time: u32,
  ) {}
}

/** The library's sort of objects, with a comparator: an indirect call for each comparison. */
@contract
export class Sort {
  @query
  run(count: u32): u32 {
    const bids: Bid[] = [];
    const random = new Random(777);
    for (let i: u32 = 0; i < count; i++) bids.push(new Bid(random.next() & 1023, i));
    bids.sort((a, b) =>
      a.amount == b.amount ? <i32>a.time - <i32>b.time : <i32>b.amount - <i32>a.amount,
    );
    let sum: u32 = 0;
    for (let i: u32 = 0; i < count; i++) sum = sum * 31 + bids[i].amount * 7 + bids[i].time;
    return sum;
  }
}
