/**
 * Random calls of a contract, and a world around them that answers everything in a fixed way.
 *
 * @module
 */
import fc from "fast-check";
import type { AbiMethod } from "#protocol/abi.ts";
import { httpErrors, type HttpRequest, type HttpResult } from "#protocol/http.ts";
import type { CallEnvironment, CallMode } from "#host/functions/environment.ts";
import { encodeArgs } from "#sdk/client/abi/encode.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { environment } from "#test/support/contract.ts";
import { accounts, argumentsOf } from "#test/support/oracle/arguments.ts";

export interface Step {
  readonly mode: CallMode;
  readonly method: string;
  readonly args: Uint8Array;
  readonly caller: string;
}

/** Calls of the contract's methods; some of no method, or with arguments that are no MessagePack. */
export function steps({ abi }: BuiltContract): fc.Arbitrary<Step> {
  const caller = fc.constantFrom(...accounts);
  const known = abi.methods.map((method: AbiMethod) =>
    fc.record({
      // Planned methods are called through `command`.
      mode: fc.constant<CallMode>(method.kind === "scheduled" ? "command" : method.kind),
      method: fc.constant(method.name),
      args: argumentsOf(abi, method).map((values) => encodeArgs(abi, method, values)),
      caller,
    }),
  );
  const units = fc.array(fc.nat(0xffff), { maxLength: 12 });
  const unknown = fc.record({
    mode: fc.constantFrom<CallMode>("init", "command", "query"),
    method: fc.oneof(
      units.map((list) => String.fromCharCode(...list)),
      fc.constantFrom(...abi.methods.map(({ name }) => name)),
    ),
    args: fc.uint8Array({ maxLength: 40 }),
    caller,
  });
  return fc.oneof(...known, unknown);
}

/** Secrets by the length of their name: none, empty, ordinary, and text that is not well-formed. */
function secret({ length }: string): string | undefined {
  return [undefined, "", "é😀\ud800", "open sesame"][length % 4];
}

const BODY = JSON.stringify({ price: "12.5", rates: { USD: "1.25" }, n: 5 });

/** Answers by the length of the address: errors, empty and full responses. */
function answer({ url, body }: HttpRequest): HttpResult {
  const { length } = url;
  const [error] = httpErrors.slice(length % 9);
  if (length % 3 === 0 && error !== undefined) return { error };
  const headers = Array.from({ length: length % 4 }, (_, index) => ({
    name: index === 0 ? "a" : `x-${index}`,
    value: length % 5 === 0 ? "\udc00" : url.slice(0, 20),
  }));
  const content = body ?? new TextEncoder().encode(length % 7 === 0 ? "" : BODY);
  return { ok: { status: length % 2 === 0 ? 200 : 503, headers, body: content } };
}

/** The powers of every call: fixed answers for everything. */
export const powers: Omit<CallEnvironment, "state" | "mode"> = environment({
  secret,
  http: { kind: "replay", next: (requests) => requests.map(answer) },
  random: (length, label) => new Uint8Array(length).fill(label.length),
});
