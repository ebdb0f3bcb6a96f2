/**
 * A fungible token whose balances and transfers are private.
 *
 * Only the total supply is public. A balance can be read by its account and by viewers that the
 * account has chosen, not by the issuer. Transfers emit no event, so that none can ever be read by
 * others than the two parties.
 *
 * @module
 */
import { Account, checked, ctx, emit, KeySet, Mapping, u128 } from "hermetic/contract";

@data
export class TokenInfo {
  constructor(
    public name: string,
    public symbol: string,
    public decimals: u8,
    public supply: u128,
  ) {}
}

/** An account, and another that it lets do or see something. */
@data
export class Trust {
  constructor(
    public account: Account,
    public trusted: Account,
  ) {}
}

/** The supply is public, so is every change of it. */
@event("public")
export class SupplyChanged {
  constructor(public supply: u128) {}
}

@error
export class InsufficientBalance {
  constructor(
    public balance: u128,
    public needed: u128,
  ) {}
}

@error
export class InsufficientAllowance {
  constructor(
    public allowance: u128,
    public needed: u128,
  ) {}
}

/** The account to be charged has too little; how much it has is not the spender's business. */
@error
export class OwnerBalanceTooLow {}

/** Only the accounts concerned, and viewers they have chosen, may read this. */
@error
export class NotYours {}

/** The supply would pass 2^128 - 1. */
@error
export class SupplyTooLarge {}

/** The zero account cannot hold tokens. */
@error
export class RecipientInvalid {}

/** A confidential token: balances, transfers and allowances are seen by the parties alone. */
@contract
export class Token {
  owner: Account = Account.zero;
  name: string = "";
  symbol: string = "";
  decimals: u8 = 0;
  supply: u128 = u128.Zero;
  balances!: Mapping<Account, u128>;
  /** What spenders may take. */
  allowances!: Mapping<Trust, u128>;
  /** Who may see balances. */
  viewers!: KeySet<Trust>;

  /** Creates the token; the whole supply belongs to the creator. */
  @init
  create(name: string, symbol: string, decimals: u8, supply: u128): void {
    this.owner = ctx.caller();
    this.name = name;
    this.symbol = symbol;
    this.decimals = decimals;
    this.supply = supply;
    this.balances.set(this.owner, supply);
  }

  @query
  info(): TokenInfo {
    return new TokenInfo(this.name, this.symbol, this.decimals, this.supply);
  }

  /** The balance of the caller, or of an account that has chosen the caller as a viewer. */
  @query
  balanceOf(account: Account): u128 {
    const me = ctx.caller();
    if (account != me && !this.viewers.has(new Trust(account, me))) throw new NotYours();
    return this.held(account);
  }

  /** Lets `viewer` read the caller's balance, or no longer. */
  @command
  setViewer(viewer: Account, mayView: bool): void {
    const key = new Trust(ctx.caller(), viewer);
    if (mayView) this.viewers.add(key);
    else this.viewers.delete(key);
  }

  @command
  transfer(to: Account, amount: u128): void {
    const me = ctx.caller();
    const balance = this.held(me);
    if (balance < amount) throw new InsufficientBalance(balance, amount);
    this.move(me, to, amount);
  }

  /** Lets `spender` take up to `amount` of the caller's tokens; replaces what was allowed before. */
  @command
  approve(spender: Account, amount: u128): void {
    this.allowances.set(new Trust(ctx.caller(), spender), amount);
  }

  /** Readable by both parties. */
  @query
  allowance(account: Account, spender: Account): u128 {
    const me = ctx.caller();
    if (me != account && me != spender) throw new NotYours();
    return this.allowances.getOr(new Trust(account, spender), u128.Zero);
  }

  @command
  transferFrom(from: Account, to: Account, amount: u128): void {
    const key = new Trust(from, ctx.caller());
    const allowed = this.allowances.getOr(key, u128.Zero);
    if (allowed < amount) throw new InsufficientAllowance(allowed, amount);
    if (this.held(from) < amount) throw new OwnerBalanceTooLow();
    this.allowances.set(key, checked.sub(allowed, amount));
    this.move(from, to, amount);
  }

  @command
  @only("owner")
  mint(to: Account, amount: u128): void {
    if (to == Account.zero) throw new RecipientInvalid();
    if (amount > u128.Max - this.supply) throw new SupplyTooLarge();
    this.supply = checked.add(this.supply, amount);
    this.balances.set(to, checked.add(this.held(to), amount));
    emit(new SupplyChanged(this.supply));
  }

  /** Destroys some of the caller's tokens. */
  @command
  burn(amount: u128): void {
    const me = ctx.caller();
    const balance = this.held(me);
    if (balance < amount) throw new InsufficientBalance(balance, amount);
    this.balances.set(me, checked.sub(balance, amount));
    this.supply = checked.sub(this.supply, amount);
    emit(new SupplyChanged(this.supply));
  }

  private held(account: Account): u128 {
    return this.balances.getOr(account, u128.Zero);
  }

  /** Takes first and reads the recipient after, so that a transfer to oneself changes nothing. */
  private move(from: Account, to: Account, amount: u128): void {
    if (to == Account.zero) throw new RecipientInvalid();
    this.balances.set(from, checked.sub(this.held(from), amount));
    this.balances.set(to, checked.add(this.held(to), amount));
  }
}
