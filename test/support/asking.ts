/**
 * A contract that asks the outside world for a rate, its owner, and an outside world of the test's own.
 *
 * @module
 */
import { fixture } from "#test/support/fixtures.ts";
import { Operator } from "#test/support/operator.ts";
import { RawClient } from "#test/support/raw-client.ts";
import { scriptedHttp, type Answer, type ScriptedHttp } from "#test/support/scripted-http.ts";

/** What the contract is told to ask for. */
export const RATE_URL = "https://rates.example/usd";

/** An operator whose enclave asks a scripted world. */
export interface Asking {
  readonly http: ScriptedHttp;
  readonly operator: Operator;
  readonly ann: RawClient;
}

export async function startAsking(answer: Answer): Promise<Asking> {
  const http = scriptedHttp(answer);
  const operator = new Operator({ http }).start();
  return { http, operator, ann: await RawClient.open(operator, 1) };
}

/** {@link startAsking}, and Ann has deployed the oracle. */
export async function startOracle(answer: Answer): Promise<Asking & { oracle: Uint8Array }> {
  const asking = await startAsking(answer);
  const oracle = await asking.ann.deployed(await fixture("oracle"), { method: "open" });
  return { ...asking, oracle };
}
