/**
 * `hermetic/testing`: unit tests of contracts on the enclave's own code, in process.
 *
 * Imported in a vitest test file it also adds the matchers, and verifies worlds after each test.
 *
 * @module
 */
export { createWorld } from "#sdk/testing/create-world.ts";
export type { WorldLog } from "#sdk/testing/observed.ts";
export type { World } from "#sdk/testing/world.ts";
export type { WorldDeployOptions, WorldOptions } from "#sdk/testing/world-options.ts";
export type { WorldCall } from "#sdk/testing/contract/world-calls.ts";
export type { WorldSnapshot } from "#sdk/testing/world-snapshot.ts";
export type { BuiltArtefact, TestArtefact } from "#sdk/testing/artefact.ts";
export type { Caller } from "#sdk/testing/callers.ts";
export { secretPair, type SecretPair, type Story } from "#sdk/testing/secrecy/secret-pair.ts";
export type { GasTable, SpentGas } from "#sdk/testing/contract/gas.ts";
export type { GasRow } from "#sdk/transform/insight.ts";
export type { TestContract } from "#sdk/testing/contract/test-contract.ts";
export type { Seed } from "#sdk/testing/enclave/entropy.ts";
export { arbitraries } from "#sdk/testing/property/arbitraries.ts";
export type {
  Arbitraries,
  Arbitrary,
  ArbitraryOptions,
  FastCheck,
} from "#sdk/testing/property/arbitraries.ts";
export { checkModel, type ModelParameters } from "#sdk/testing/property/check-model.ts";
export type {
  CommandRule,
  Ending,
  ModelTest,
  Moment,
  PlannedCommand,
} from "#sdk/testing/property/model.ts";
export { RunFailure } from "#sdk/testing/property/run.ts";
export { runUnit } from "#sdk/testing/unit/run-unit.ts";
export type { Duration } from "#sdk/testing/duration.ts";
export type { ContractMatchers } from "#sdk/testing/matchers/types.ts";
export type { HttpMock, ReplyWith, UrlMatch } from "#sdk/testing/http/mock.ts";
export type { HttpMocks } from "#sdk/testing/http/mocks.ts";
export type { MockBody, MockReply } from "#sdk/testing/http/mock-reply.ts";
export type { MockRequest } from "#sdk/testing/http/mock-request.ts";
export type { Needle } from "#sdk/testing/operator/needle.ts";
export type { Egress, Frame } from "#sdk/testing/operator/recording.ts";
export type { OperatorView, Sighting, ViewShape } from "#sdk/testing/operator/view.ts";
export type { WorldTime } from "#sdk/testing/time.ts";
export { ContractError } from "#sdk/client/errors/contract-error.ts";
export { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
export { Wallet } from "#sdk/client/wallet.ts";

/** Set by vitest in the processes that run tests, and nowhere else. */
if ("__vitest_worker__" in globalThis) await import("#sdk/testing/vitest/register.ts");
