/**
 * Sells one thing for tokens: the buyer pays and gets the thing in one command, or neither happens.
 *
 * What is sold is a text that only the buyer will ever read, such as a licence key.
 *
 * @module
 */
import { Account, contracts, ctx, emit, u128 } from "hermetic/contract";
import { InsufficientAllowance, Token } from "../token/token";

@event("public")
export class Sold {
  constructor(public price: u128) {}
}

@error
export class AlreadySold {}

@error
export class NotForSale {}

/** Approve the sale for the price first: `missing` is what it may not take yet. */
@error
export class PaymentRefused {
  constructor(
    public missing: u128,
    public reason: string,
  ) {}
}

/** One thing, one price, one buyer. */
@contract
export class Sale {
  seller: Account = Account.zero;
  token: Account = Account.zero;
  price: u128 = u128.Zero;
  thing: string = "";
  buyer: Account = Account.zero;

  /** Offers nothing yet: what is sold is put in with {@link offer}, sealed like every argument. */
  @init
  open(token: Account, price: u128): void {
    this.seller = ctx.caller();
    this.token = token;
    this.price = price;
  }

  @command
  @only("seller")
  offer(thing: string): void {
    if (this.buyer != Account.zero) throw new AlreadySold();
    this.thing = thing;
  }

  /** Pays from the caller's tokens, which the caller has approved, and keeps the thing for the caller. */
  @command
  buy(): string {
    if (this.thing.length == 0) throw new NotForSale();
    if (this.buyer != Account.zero) throw new AlreadySold();
    const me = ctx.caller();
    const token = contracts.tryAt<Token>(this.token);
    const paid = token.transferFrom(me, this.seller, this.price);
    if (paid.is<InsufficientAllowance>()) {
      const short = paid.as<InsufficientAllowance>();
      throw new PaymentRefused(short.needed - short.allowance, paid.error);
    }
    if (!paid.ok) throw new PaymentRefused(this.price, paid.error);
    this.buyer = me;
    emit(new Sold(this.price));
    return this.thing;
  }

  /** The thing, for whoever has bought it. */
  @query
  @only("buyer")
  read(): string {
    return this.thing;
  }

  /** What the token says about itself. */
  @query
  currency(): string {
    return contracts.at<Token>(this.token).info().symbol;
  }
}
