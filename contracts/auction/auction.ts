/**
 * A sealed-bid auction that settles with an exchange rate from the web.
 *
 * Bids are in euro cents. Nobody sees another's bid, the seller included; settling reveals who won
 * and for how much, and the losing bids stay secret for good.
 *
 * @module
 */
import { Account, ctx, emit, http, List, Mapping, u128 } from "hermetic/contract";

/** Settling reads every bid once; this many stay far below the gas of one command. */
const BIDDERS_MAX: i32 = 10_000;
/** Decimal places kept of an exchange rate, and what one unit is then. */
const RATE_PLACES: i32 = 6;
const RATE_UNIT: u64 = 1_000_000;
const CURRENCY = "USD";
/** Where the rate comes from unless the seller names another service of the same form, which must be granted too. */
const RATES_URL = "https://api.frankfurter.dev/v1/latest?base=EUR&symbols=USD";

@data
export class Bid {
  constructor(
    /** Euro cents. */
    public amount: u64,
    /** Unix seconds. */
    public at: u64,
  ) {}
}

@data
export class Outcome {
  constructor(
    public winner: Account,
    /** Euro cents. */
    public amount: u64,
    public currency: string,
    /** Cents of `currency`, rounded down. */
    public converted: u128,
    /** Millionths of `currency` for one euro. */
    public rate: u64,
    /** The day of the rate, as the service says it. */
    public rateDate: string,
  ) {}
}

/** Tells the bidder that the bid is in, and how many there are; not how high. */
@event
export class BidPlaced {
  constructor(
    public bidder: Account,
    public count: u32,
  ) {}
}

@event("public")
export class Settled {
  constructor(
    public winner: Account,
    public amount: u64,
  ) {}
}

@error
export class AuctionClosed {
  constructor(public closedAt: u64) {}
}

/** A bid has to be above `minimum`: zero, or the bidder's own bid so far. */
@error
export class BidTooLow {
  constructor(public minimum: u64) {}
}

@error
export class AuctionFull {
  constructor(public bidders: u32) {}
}

@error
export class NotClosed {
  constructor(public closesAt: u64) {}
}

@error
export class NoBids {}

@error
export class AlreadySettled {}

@error
export class NotSettled {}

/** `status` is 0 if there was no answer; `reason` says why then. */
@error
export class RateUnavailable {
  constructor(
    public status: u16,
    public reason: string,
  ) {}
}

/** A sealed-bid auction: nobody, the operator included, sees a bid before it is settled. */
@contract
@grant("https://api.frankfurter.dev")
@grant("https://localhost:*") // the service of the demonstration
export class Auction {
  owner: Account = Account.zero;
  closesAt: u64 = 0;
  ratesUrl: string = RATES_URL;
  bidders!: List<Account>;
  bids!: Mapping<Account, Bid>;
  outcome: Outcome | null = null;

  /** Opens the auction for some minutes. Without `ratesUrl` a public service is asked for the rate. */
  @init
  open(minutes: u32, ratesUrl: string | null): void {
    this.owner = ctx.caller();
    this.closesAt = ctx.now() + <u64>minutes * 60;
    if (ratesUrl !== null) this.ratesUrl = ratesUrl;
  }

  /** Places the caller's bid, or raises it. */
  @command
  bid(amount: u64): void {
    if (ctx.now() >= this.closesAt) throw new AuctionClosed(this.closesAt);
    const me = ctx.caller();
    const mine = this.bids.find(me);
    const minimum: u64 = mine === null ? 0 : mine.amount;
    if (amount <= minimum) throw new BidTooLow(minimum);
    if (mine === null) {
      if (this.bidders.length >= BIDDERS_MAX) throw new AuctionFull(BIDDERS_MAX);
      this.bidders.push(me);
    }
    this.bids.set(me, new Bid(amount, ctx.now()));
    emit(new BidPlaced(me, this.bidders.length));
  }

  /** Names another rate service, should the first have gone away. It cannot change who wins. */
  @command
  @only("owner")
  useRates(ratesUrl: string): void {
    this.ratesUrl = ratesUrl;
  }

  /** Only ever the caller's own bid. */
  @query
  myBid(): Bid | null {
    return this.bids.find(ctx.caller());
  }

  /** When bidding ends, in Unix seconds. */
  @query
  closing(): u64 {
    return this.closesAt;
  }

  /** Ends bidding now. */
  @command
  @only("owner")
  close(): void {
    if (ctx.now() < this.closesAt) this.closesAt = ctx.now();
  }

  /** Picks the highest bid, the earliest bidder's among equals, and says what it is in dollars. */
  @command
  @only("owner")
  settle(): Account {
    if (ctx.now() < this.closesAt) throw new NotClosed(this.closesAt);
    if (this.outcome !== null) throw new AlreadySettled();
    let winner = Account.zero;
    let amount: u64 = 0;
    for (const bidder of this.bidders) {
      const bid = this.bids.get(bidder);
      if (bid.amount > amount) {
        amount = bid.amount;
        winner = bidder;
      }
    }
    if (amount == 0) throw new NoBids();
    this.outcome = this.convert(winner, amount);
    emit(new Settled(winner, amount));
    return winner;
  }

  /** Who won and for how much; readable by everybody once it is settled. */
  @query
  winner(): Outcome {
    const outcome = this.outcome;
    if (outcome === null) throw new NotSettled();
    return outcome;
  }

  private convert(winner: Account, amount: u64): Outcome {
    const response = http.get(this.ratesUrl);
    if (!response.ok) throw new RateUnavailable(response.status, response.error);
    const json = response.json();
    const value = json.at("rates." + CURRENCY);
    if (value.isNull) throw new RateUnavailable(response.status, "no-rate");
    const rate = value.asDecimal(RATE_PLACES);
    const converted = (u128.from(amount) * u128.from(rate)) / u128.from(RATE_UNIT);
    const date = json.at("date");
    const day = date.isNull ? "" : date.asString();
    return new Outcome(winner, amount, CURRENCY, converted, rate, day);
  }
}
