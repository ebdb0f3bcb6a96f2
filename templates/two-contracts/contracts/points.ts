import { Account, ctx, Mapping } from "hermetic/contract";

@error
export class TooFewPoints {
  constructor(public missing: u64) {}
}

/** Points that a club gives to its members, and that shops may take when a member pays. */
@contract
export class Points {
  club: Account = Account.zero;
  held!: Mapping<Account, u64>;
  shops!: Mapping<Account, bool>;

  @init
  found(): void {
    this.club = ctx.caller();
  }

  @command
  @only("club")
  give(to: Account, points: u64): void {
    this.held.set(to, this.held.getOr(to, 0) + points);
  }

  /** Lets a shop, a contract like any other caller, take points. */
  @command
  @only("club")
  trust(shop: Account): void {
    this.shops.set(shop, true);
  }

  /** Only shops that the club trusts may take a member's points. */
  @command
  take(from: Account, points: u64): void {
    assert(this.shops.getOr(ctx.caller(), false), "the club does not trust this shop");
    const held = this.held.getOr(from, 0);
    if (held < points) throw new TooFewPoints(points - held);
    this.held.set(from, held - points);
  }

  /** The caller's own points. */
  @query
  mine(): u64 {
    return this.held.getOr(ctx.caller(), 0);
  }
}
