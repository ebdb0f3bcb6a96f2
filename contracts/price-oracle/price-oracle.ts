/**
 * Prices from a paid web service, without giving its key away.
 *
 * The key is a sealed secret of the contract, which only refers to it: the enclave puts it into a header
 * on the way out, and it leaves the enclave only inside TLS.
 *
 * @module
 */
import { Account, ctx, http, Mapping, Request, Response, secrets } from "hermetic/contract";

/** Decimal places of a price. */
const PRICE_PLACES: i32 = 6;
const SYMBOL_LENGTH_MAX: i32 = 12;
const KEY_HEADER = "x-api-key";

@data
export class Price {
  constructor(
    public symbol: string,
    /** Millionths of the currency that the service quotes in. */
    public price: u64,
    /** Unix seconds of the asking. */
    public at: u64,
  ) {}
}

/** A symbol has 1 to 12 letters and digits: it becomes part of an address. */
@error
export class SymbolInvalid {}

/** The owner has not set the secret `API_KEY`. */
@error
export class KeyMissing {}

/** `status` is 0 if there was no answer; `reason` says why then. */
@error
export class PriceUnavailable {
  constructor(
    public status: u16,
    public reason: string,
  ) {}
}

/** A price oracle whose API key nobody sees, and whose questions only the price service sees. */
@contract
@grant("https://prices.example", { headers: ["x-api-key"] })
export class PriceOracle {
  owner: Account = Account.zero;
  sourceUrl: string = "";
  records!: Mapping<string, Price>;

  /** The symbol is appended to `sourceUrl`, as in `https://prices.example/v1?symbol=`. */
  @init
  open(sourceUrl: string): void {
    this.owner = ctx.caller();
    this.sourceUrl = sourceUrl;
  }

  @command
  @only("owner")
  setSource(sourceUrl: string): void {
    this.sourceUrl = sourceUrl;
  }

  /** Asks the service now. Nothing is kept. */
  @query
  price(symbol: string): Price {
    return this.ask(symbol);
  }

  /** Asks the service and keeps the answer, the same on every worker. */
  @command
  @only("owner")
  record(symbol: string): Price {
    const price = this.ask(symbol);
    this.records.set(symbol, price);
    return price;
  }

  /** The price kept last, or null. */
  @query
  recorded(symbol: string): Price | null {
    return this.records.find(symbol);
  }

  private ask(symbol: string): Price {
    if (!isSymbol(symbol)) throw new SymbolInvalid();
    const key = secrets.ref("API_KEY");
    if (key === null) throw new KeyMissing();
    const request = new Request("GET", this.sourceUrl + symbol).header(KEY_HEADER, key);
    const response = http.request(request);
    if (!response.ok) throw new PriceUnavailable(response.status, response.error);
    return new Price(symbol, priceOf(response), ctx.now());
  }
}

/** The number at `price` in an answer such as `{"symbol":"BTC","price":64012.5}`. */
function priceOf(response: Response): u64 {
  const value = response.json().at("price");
  if (value.isNull) throw new PriceUnavailable(response.status, "no-price");
  return value.asDecimal(PRICE_PLACES);
}

function isSymbol(text: string): bool {
  if (text.length == 0 || text.length > SYMBOL_LENGTH_MAX) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const isDigit = unit >= 0x30 && unit <= 0x39;
    const letter = unit | 0x20;
    if (!isDigit && (letter < 0x61 || letter > 0x7a)) return false;
  }
  return true;
}
