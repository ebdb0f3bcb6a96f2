/**
 * An enclave that serves, its first client, and what she has deployed.
 *
 * @module
 */
import { fixture, type FixtureName } from "#test/support/fixtures.ts";
import { Operator, type OperatorOptions } from "#test/support/operator.ts";
import { RawClient } from "#test/support/raw-client.ts";

export interface Started {
  readonly operator: Operator;
  readonly ann: RawClient;
}

/** The `@init` methods that are not called `open`. */
const inits: Partial<Record<FixtureName, string>> = { clockwork: "init" };

export async function start(options: OperatorOptions = {}): Promise<Started> {
  const operator = new Operator(options).start();
  return { operator, ann: await RawClient.open(operator, 1) };
}

/** {@link start}, and Ann has deployed a fixture. */
export async function startWith(
  name: FixtureName,
  options: OperatorOptions = {},
): Promise<Started & { readonly contract: Uint8Array }> {
  const started = await start(options);
  const method = inits[name] ?? "open";
  return { ...started, contract: await started.ann.deployed(await fixture(name), { method }) };
}
