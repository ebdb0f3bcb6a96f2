/**
 * A contract that asks the outside world for a rate, its owner, and an outside world of the test's own.
 *
 * @module
 */
import { scriptedHttp, type Answer, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { start, startWith, type Started } from "#test/support/started.ts";

/** What the contract is told to ask for. */
export const RATE_URL = "https://rates.example/usd";

/** An enclave that asks a scripted world. */
export interface Asking extends Started {
  readonly http: ScriptedHttp;
}

export async function startAsking(answer: Answer): Promise<Asking> {
  const http = scriptedHttp(answer);
  return { http, ...(await start({ http })) };
}

/** {@link startAsking}, and Ann has deployed the oracle. */
export async function startOracle(answer: Answer): Promise<Asking & { oracle: Uint8Array }> {
  const http = scriptedHttp(answer);
  const { contract: oracle, ...started } = await startWith("oracle", { http });
  return { http, ...started, oracle };
}
