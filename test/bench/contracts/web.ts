import { http } from "hermetic/contract";

/** What the benchmark of HTTP calls: the same with a request and without. */
@contract
@grant("https://127.0.0.1:*", { perMinute: 60_000 })
export class Web {
  value: u64 = 0;

  @query
  nothing(url: string): u32 {
    return url.length;
  }

  @query
  ask(url: string): u32 {
    return http.get(url).status;
  }

  /** Asks, and keeps what came. */
  @command
  keep(url: string): u64 {
    this.value = http.get(url).status;
    return this.value;
  }

  /** One read and one write of state, and no request. */
  @command
  bump(): u64 {
    this.value = this.value + 1;
    return this.value;
  }
}
