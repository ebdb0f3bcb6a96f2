import { Account, contracts, ctx, KeySet } from "hermetic/contract";
import { Points, TooFewPoints } from "./points";

const PRICE: u64 = 100;

@error
export class CannotPay {
  constructor(public missing: u64) {}
}

/** Sells a ticket for points, which another contract keeps. */
@contract
export class Shop {
  points: Account = Account.zero;
  tickets!: KeySet<Account>;

  @init
  open(points: Account): void {
    this.points = points;
  }

  /** Takes the points and writes the ticket: both happen, or neither. */
  @command
  buy(): void {
    const me = ctx.caller();
    // The shop is the caller there, not whoever called the shop.
    const paid = contracts.tryAt<Points>(this.points).take(me, PRICE);
    if (paid.is<TooFewPoints>()) throw new CannotPay(paid.as<TooFewPoints>().missing);
    paid.require();
    this.tickets.add(me);
  }

  @query
  hasTicket(): bool {
    return this.tickets.has(ctx.caller());
  }
}
