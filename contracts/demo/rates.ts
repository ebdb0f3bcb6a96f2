/**
 * An HTTPS server on this machine with recorded euro reference rates of the European Central Bank.
 *
 * @module
 */
import { startHttpsServer, type LocalHttps } from "#sdk/testing/https/server.ts";

/** Reference rates of 31 December 2024: units of each currency for one euro. */
const recorded = {
  amount: 1,
  base: "EUR",
  date: "2024-12-31",
  rates: {
    AUD: 1.6772,
    CAD: 1.4948,
    CHF: 0.9412,
    CNY: 7.5833,
    CZK: 25.185,
    DKK: 7.4578,
    GBP: 0.82918,
    INR: 88.9335,
    JPY: 163.06,
    NOK: 11.795,
    PLN: 4.275,
    SEK: 11.459,
    USD: 1.0389,
    ZAR: 19.6188,
  },
} as const;

/** Serves the recorded rates at every path. */
export function startRates(): Promise<LocalHttps> {
  return startHttpsServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(recorded));
  });
}
