import { Account, ctx, http, secrets, Request } from "hermetic/contract";

@data
export class Price {
  constructor(
    /** Millionths. */
    public value: u64,
    /** Unix seconds of the asking. */
    public at: u64,
  ) {}
}

/** `status` is 0 if the service did not answer. */
@error
export class PriceUnavailable {
  constructor(public status: u16) {}
}

/** Asks a web service for a price. Its key stays inside the enclave, and so does the question. */
@contract
@grant("https://prices.example", { headers: ["x-api-key"] })
export class Oracle {
  owner: Account = Account.zero;
  url: string = "";
  last: Price = new Price(0, 0);

  /** `url` answers `{"price": 1.25}`. Deploy with a secret `API_KEY` if it wants one. */
  @init
  open(url: string): void {
    this.owner = ctx.caller();
    this.url = url;
  }

  /** Asks now; nothing is kept. */
  @query
  price(): Price {
    return this.ask();
  }

  /** Asks and keeps the answer, the same on every worker. */
  @command
  @only("owner")
  record(): Price {
    const price = this.ask();
    this.last = price;
    return price;
  }

  /** What was kept last. */
  @query
  recorded(): Price {
    return this.last;
  }

  private ask(): Price {
    const request = new Request("GET", this.url);
    const key = secrets.ref("API_KEY");
    if (key !== null) request.header("x-api-key", key);
    const response = http.request(request);
    if (!response.ok) throw new PriceUnavailable(response.status);
    const price = response.json().at("price").asF64();
    return new Price(<u64>(price * 1_000_000), ctx.now());
  }
}
