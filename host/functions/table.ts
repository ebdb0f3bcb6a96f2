/**
 * The host functions: one row for each import of the world, with signature, price, modes and code.
 *
 * Nothing a contract can reach is outside this table.
 *
 * @module
 */
import {
  contextCaller,
  contextHeight,
  contextNow,
  contextRandom,
  contextSelf,
} from "#host/functions/context.ts";
import { contractsCall, contractsInstantiate } from "#host/functions/contracts.ts";
import { contractsUpgrade } from "#host/functions/upgrade.ts";
import { controlFail, controlPanic, controlRefuse } from "#host/functions/control.ts";
import {
  cryptoBlake2b,
  cryptoKeccak256,
  cryptoRecover,
  cryptoSha256,
  cryptoVerify,
} from "#host/functions/crypto.ts";
import type { CallMode } from "#host/functions/environment.ts";
import { eventsEmit } from "#host/functions/events.ts";
import { httpFetch } from "#host/functions/http.ts";
import { keysDerive, keysPublicKey, keysSign } from "#host/functions/keys.ts";
import { loggingLog } from "#host/functions/logging.ts";
import { prices, type Price } from "#host/functions/prices.ts";
import { modeAllows, type Bind } from "#host/functions/running.ts";
import { stateScan } from "#host/functions/scan.ts";
import { cryptoOpen, cryptoSeal } from "#host/functions/sealing.ts";
import { schedulerCancel, schedulerPlan } from "#host/functions/scheduler.ts";
import { secretsGet, secretsReference } from "#host/functions/secrets.ts";
import { stateGet, stateRemove, stateSet } from "#host/functions/state.ts";
import { worldImports, type WorldImport, type WorldImportKey } from "#host/vm/world.ts";

export interface HostFunction extends WorldImport {
  readonly price: Price;
  readonly modes: readonly CallMode[];
  readonly bind: Bind;
}

const binds: Readonly<Record<WorldImportKey, Bind>> = {
  "state.get": stateGet,
  "state.set": stateSet,
  "state.remove": stateRemove,
  "state.scan": stateScan,
  "context.caller": contextCaller,
  "context.self": contextSelf,
  "context.now": contextNow,
  "context.height": contextHeight,
  "context.random": contextRandom,
  "events.emit": eventsEmit,
  "logging.log": loggingLog,
  "control.fail": controlFail,
  "control.panic": controlPanic,
  "control.refuse": controlRefuse,
  "secrets.get": secretsGet,
  "secrets.reference": secretsReference,
  "http.fetch": httpFetch,
  "contracts.call": contractsCall,
  "contracts.instantiate": contractsInstantiate,
  "contracts.upgrade": contractsUpgrade,
  "crypto.sha256": cryptoSha256,
  "crypto.keccak256": cryptoKeccak256,
  "crypto.blake2b": cryptoBlake2b,
  "crypto.verify": cryptoVerify,
  "crypto.recover": cryptoRecover,
  "crypto.seal": cryptoSeal,
  "crypto.open": cryptoOpen,
  "keys.derive": keysDerive,
  "keys.public-key": keysPublicKey,
  "keys.sign": keysSign,
  "scheduler.plan": schedulerPlan,
  "scheduler.cancel": schedulerCancel,
};

const MODES: readonly CallMode[] = ["init", "migrate", "command", "query"];

function row(key: WorldImportKey): HostFunction {
  const modes = MODES.filter((mode) => modeAllows(mode, key));
  return { ...worldImports[key], price: prices[key], modes, bind: binds[key] };
}

/** Keys of {@link hostFunctions}, in the order of the world. */
export const hostFunctionKeys: readonly WorldImportKey[] = Object.keys(
  worldImports,
) as WorldImportKey[];

export const hostFunctions: Readonly<Record<WorldImportKey, HostFunction>> = Object.fromEntries(
  hostFunctionKeys.map((key) => [key, row(key)]),
) as Record<WorldImportKey, HostFunction>;
