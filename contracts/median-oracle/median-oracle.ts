/**
 * A price that no single source decides: the median of what three answer.
 *
 * The sources are named in the code, so in its hash: whoever trusts the code knows whom it asks.
 *
 * @module
 */
import { Account, ctx, http, Json, Mapping, Request } from "hermetic/contract";

/** Decimal places of a price. */
const PRICE_PLACES: i32 = 6;
const SYMBOL_LENGTH_MAX: i32 = 12;
/** Sources that must answer: of two that disagree nobody knows which is wrong, but one alone decides. */
const ANSWERS_MIN: i32 = 2;

@data
export class Quote {
  constructor(
    public symbol: string,
    /** Millionths of the currency that the sources quote in. */
    public price: u64,
    /** How many sources it is the median of. */
    public sources: u32,
    /** Unix seconds of the asking. */
    public at: u64,
  ) {}
}

/** A symbol has 1 to 12 capital letters and digits: it becomes part of an address. */
@error
export class SymbolInvalid {}

/** Fewer than two sources gave a price. */
@error
export class TooFewSources {
  constructor(public answered: u32) {}
}

/** A price oracle that asks three sources side by side and survives any one of them. */
@contract
@grant("https://one.example")
@grant("https://two.example")
@grant("https://three.example")
export class MedianOracle {
  owner: Account = Account.zero;
  quotes!: Mapping<string, Quote>;

  @init
  open(): void {
    this.owner = ctx.caller();
  }

  /** Asks now. Nothing is kept. */
  @query
  price(symbol: string): Quote {
    return ask(symbol);
  }

  /** Asks and keeps the answer, the same on every worker. */
  @command
  @only("owner")
  record(symbol: string): Quote {
    const quote = ask(symbol);
    this.quotes.set(symbol, quote);
    return quote;
  }

  /** The quote kept last, or null. */
  @query
  recorded(symbol: string): Quote | null {
    return this.quotes.find(symbol);
  }
}

function ask(symbol: string): Quote {
  if (!isSymbol(symbol)) throw new SymbolInvalid();
  const responses = http.all([
    new Request("GET", "https://one.example/v1/price?symbol=" + symbol),
    new Request("GET", "https://two.example/ticker/" + symbol),
    new Request("GET", "https://three.example/api?of=" + symbol),
  ]);
  const prices: u64[] = [];
  for (let i = 0; i < responses.length; i++) {
    if (!responses[i].ok) continue;
    // Whatever one source writes there, the others count.
    const price = priceIn(responses[i].json(), i).asDecimalOr(PRICE_PLACES, 0);
    if (price > 0) prices.push(price);
  }
  if (prices.length < ANSWERS_MIN) throw new TooFewSources(prices.length);
  return new Quote(symbol, median(prices), prices.length, ctx.now());
}

/** Where each source writes the price. */
function priceIn(answer: Json, source: i32): Json {
  if (source == 0) return answer.at("price");
  if (source == 1) return answer.at("data.0.last");
  return answer.at("result.amount");
}

/** The one in the middle; of an even number, half-way between the two, rounded down. */
function median(prices: u64[]): u64 {
  prices.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = prices.length / 2;
  if (prices.length % 2 == 1) return prices[middle];
  const low = prices[middle - 1];
  return low + (prices[middle] - low) / 2;
}

function isSymbol(text: string): bool {
  if (text.length == 0 || text.length > SYMBOL_LENGTH_MAX) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const isDigit = unit >= 0x30 && unit <= 0x39;
    if (!isDigit && (unit < 0x41 || unit > 0x5a)) return false;
  }
  return true;
}
