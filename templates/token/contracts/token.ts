import { Account, ctx, Mapping, u128 } from "hermetic/contract";

@error
export class InsufficientBalance {
  constructor(
    public balance: u128,
    public needed: u128,
  ) {}
}

/** The zero account cannot hold tokens. */
@error
export class RecipientInvalid {}

/** A token whose balances and transfers only their owners see. */
@contract
export class Token {
  owner: Account = Account.zero;
  supply: u128 = u128.Zero;
  balances!: Mapping<Account, u128>;

  /** Creates the token; the whole supply belongs to the creator. */
  @init
  create(supply: u128): void {
    this.owner = ctx.caller();
    this.supply = supply;
    this.balances.set(this.owner, supply);
  }

  @command
  transfer(to: Account, amount: u128): void {
    if (to == Account.zero) throw new RecipientInvalid();
    const me = ctx.caller();
    const balance = this.balances.getOr(me, u128.Zero);
    if (balance < amount) throw new InsufficientBalance(balance, amount);
    this.balances.set(me, balance - amount);
    // Read after the write above: sender and recipient may be the same.
    this.balances.set(to, this.balances.getOr(to, u128.Zero) + amount);
  }

  /** The caller's own balance. */
  @query
  balance(): u128 {
    return this.balances.getOr(ctx.caller(), u128.Zero);
  }

  @query
  totalSupply(): u128 {
    return this.supply;
  }
}
