/**
 * `hermetic/client`: connect to a worker, verify its enclave, deploy and call contracts.
 *
 * Runs in browsers and in Node. Nothing that leaves it can be read or altered by the worker process.
 *
 * @module
 */
export { connect, type ConnectOptions } from "#sdk/client/connect.ts";
export { Network, type WorkerSummary } from "#sdk/client/network.ts";
export { AccountClient, type ContractOptions } from "#sdk/client/account-client.ts";
export { Wallet, type AccountSigner, type KeyFile } from "#sdk/client/wallet.ts";
export { Contract } from "#sdk/client/contract/contract.ts";
export type {
  CodeVersion,
  ContractDescription,
  ContractGrant,
  ContractSchedule,
  PlannedCall,
  PlannedRun,
} from "#sdk/client/contract/description.ts";
export { compareLayouts, layoutLine, type LayoutChange } from "#sdk/client/contract/layout.ts";
export type { DeployOptions } from "#sdk/client/contract/deploy.ts";
export type {
  CallResult,
  CommandOptions,
  ContractErrorOf,
  ContractEvent,
  Deployment,
  Done,
  Estimate,
  InitArgs,
  MigrateArgs,
  OtherEvent,
  QueryOptions,
  UpgradeOptions,
} from "#sdk/client/contract/handle.ts";
export { abiOf, type Artefact } from "#sdk/client/artefact.ts";
export { parseAbi, parseAbiText } from "#sdk/client/abi/parse.ts";
export { encodeArgs, encodeValue } from "#sdk/client/abi/encode.ts";
export { decodeFields, decodeResult } from "#sdk/client/abi/decode.ts";
export { argsFromJson, fieldsToJson, fromJson, toJson, type Json } from "#sdk/client/abi/json.ts";
export type { Account, ArgsOf, EventOf, InputOf, ResultOf } from "#sdk/client/abi/types.ts";
export type { CallReport, LogLine } from "#sdk/client/call/report.ts";
export type { Proof } from "#sdk/client/call/proof.ts";
export type { HeadStore, RememberedHead } from "#sdk/client/trust/heads.ts";
export type { TrustOptions } from "#sdk/client/trust/policy.ts";
export type { Fetch } from "#sdk/client/transport/transport.ts";
export { ContractError } from "#sdk/client/errors/contract-error.ts";
export { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
export type { ErrorKind } from "#sdk/client/errors/client-errors.ts";
export { explain, explanations, type Explained } from "#sdk/client/explain.ts";
export type { Abi, AbiType } from "#protocol/abi.ts";
export type { Primitives } from "#crypto/primitives.ts";
export type { ContractUsage } from "#protocol/usage.ts";
