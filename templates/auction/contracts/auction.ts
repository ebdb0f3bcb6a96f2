import { Account, ctx, emit, List, Mapping } from "hermetic/contract";

/** Settling reads every bid once; so many stay far below the gas of one command. */
const BIDDERS_MAX: i32 = 1_000;

@data
export class Outcome {
  constructor(
    public winner: Account,
    public amount: u64,
  ) {}
}

/** Everybody may know who won. */
@event("public")
export class Settled {
  constructor(
    public winner: Account,
    public amount: u64,
  ) {}
}

@error
export class AuctionClosed {}

@error
export class AuctionOpen {
  constructor(public closesAt: u64) {}
}

/** A bid has to be above `minimum`: zero, or the bidder's own bid so far. */
@error
export class BidTooLow {
  constructor(public minimum: u64) {}
}

@error
export class AuctionFull {}

@error
export class NoBids {}

/** A sealed-bid auction: nobody, the seller included, sees a bid that did not win. */
@contract
export class Auction {
  owner: Account = Account.zero;
  closesAt: u64 = 0;
  bids!: Mapping<Account, u64>;
  bidders!: List<Account>;

  /** Opens the auction for so many minutes. */
  @init
  open(minutes: u32): void {
    this.owner = ctx.caller();
    this.closesAt = ctx.now() + <u64>minutes * 60;
  }

  /** Places a bid, or raises the caller's own. */
  @command
  bid(amount: u64): void {
    if (ctx.now() >= this.closesAt) throw new AuctionClosed();
    const me = ctx.caller();
    const minimum = this.bids.getOr(me, 0);
    if (amount <= minimum) throw new BidTooLow(minimum);
    if (minimum == 0) {
      if (this.bidders.length >= BIDDERS_MAX) throw new AuctionFull();
      this.bidders.push(me);
    }
    this.bids.set(me, amount);
  }

  /** The caller's own bid; 0 for none. */
  @query
  myBid(): u64 {
    return this.bids.getOr(ctx.caller(), 0);
  }

  /** Ends the auction. Of equal bids the earliest bidder wins. */
  @command
  @only("owner")
  settle(): Outcome {
    if (ctx.now() < this.closesAt) throw new AuctionOpen(this.closesAt);
    let winner = Account.zero;
    let highest: u64 = 0;
    for (let i = 0; i < this.bidders.length; i++) {
      const bidder = this.bidders.get(i);
      const amount = this.bids.get(bidder);
      if (amount <= highest) continue;
      winner = bidder;
      highest = amount;
    }
    if (highest == 0) throw new NoBids();
    emit(new Settled(winner, highest));
    return new Outcome(winner, highest);
  }
}
