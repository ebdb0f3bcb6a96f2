/**
 * Kernels that call host functions, with little and with much, and calls that do nothing at all.
 *
 * @module
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { getPublicKey, secretFromSeed, sign } from "@scure/sr25519";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { runCall } from "#host/functions/call.ts";
import type { CallMode } from "#host/functions/environment.ts";
import { admitCore } from "#host/vm/admit.ts";
import { worldImports, type WorldImportKey } from "#host/vm/world.ts";
import { commandRandom } from "#exec/randomness.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { timed, type Cost, type Work } from "#test/bench/calibrate/clock.ts";
import { kernel, touched, type Kernel, type KernelParts } from "#test/bench/calibrate/kernel.ts";
import { emptyTable, fullTable } from "#test/bench/calibrate/table.ts";
import { environment, HEAP } from "#test/support/contract.ts";
import { call, constant, drop, vector, type Code } from "#test/support/wasm.ts";

const GAS = 1e12;
const PAGES = 40;
/** Where memory is empty, and where what others signed lies. */
const PLACE = 65_536;
const SIGNED = 32_768;
const RESULT_AT = HEAP - 64;

/** Host functions that end a call, leave the contract, or need the runtime's timetable: nothing to repeat in a loop here. */
export const untimed: readonly WorldImportKey[] = [
  "control.fail",
  "control.panic",
  "control.refuse",
  "contracts.call",
  "contracts.instantiate",
  "contracts.upgrade",
  "http.fetch",
  "scheduler.plan",
  "scheduler.cancel",
];

export interface HostKernel extends Kernel {
  readonly key: WorldImportKey;
}

const seed = new Uint8Array(32).fill(7);
const digest = nodePrimitives.sha256(seed);
const sr25519Secret = secretFromSeed(seed);
const recoverable = secp256k1.sign(digest, seed, { prehash: false, format: "recovered" });
const material = [
  digest,
  ...[ed25519.getPublicKey(seed), ed25519.sign(digest, seed)],
  ...[secp256k1.getPublicKey(seed), secp256k1.sign(digest, seed, { prehash: false })],
  ...[getPublicKey(sr25519Secret), sign(sr25519Secret, digest)],
  Uint8Array.from([...recoverable.subarray(1), recoverable[0] ?? 0]),
];
/** Pointer and length of each piece of the material. */
const pieces = material.map((piece, index) => [
  material.slice(0, index).reduce((sum, { length }) => sum + length, SIGNED),
  piece.length,
]);
const [message = [], edKey = [], edSign = [], ecKey = [], ecSign = [], srKey = [], srSign = []] =
  pieces;
const recovered = pieces[7] ?? [];
const data = [
  [
    0,
    ...constant(SIGNED),
    0x0b,
    ...vector(material.flatMap((part) => [...part]).map((byte) => [byte])),
  ],
];

function hostKernel(
  key: WorldImportKey,
  size: string,
  args: readonly number[],
  turns: number,
): HostKernel {
  const { results } = worldImports[key];
  const after: Code = results === "" ? [] : [drop];
  const unit = [...args.flatMap((value) => constant(value)), ...call(0), ...after];
  const parts = { imports: [key], unit, turns, unrolled: 4, pages: PAGES, data } as const;
  return { ...kernel(`${key}, ${size}`, [], parts), key };
}

const KEY_BYTES = 128;
const VALUE_BYTES = 256 * 1024;
const LONG = 512 * 1024;
const LABEL = 8;

export const hostKernels: readonly HostKernel[] = [
  hostKernel("state.get", "little", [PLACE, 1, RESULT_AT], 100),
  hostKernel("state.get", "a missing key", [PLACE, KEY_BYTES - 1, RESULT_AT], 100),
  hostKernel("state.get", "much", [PLACE, KEY_BYTES, RESULT_AT], 10),
  hostKernel("state.set", "little", [PLACE, 1, PLACE, 0], 100),
  hostKernel("state.set", "much", [PLACE, KEY_BYTES, PLACE, VALUE_BYTES], 10),
  hostKernel("state.remove", "little", [PLACE, 1], 100),
  hostKernel("state.remove", "much", [PLACE, KEY_BYTES], 100),
  hostKernel("state.scan", "little", [PLACE, 0, PLACE, 0, 1, 0, RESULT_AT], 50),
  hostKernel("state.scan", "much", [PLACE, 0, PLACE, 0, 100, 0, RESULT_AT], 10),
  hostKernel("context.caller", "32 bytes", [RESULT_AT], 100),
  hostKernel("context.self", "32 bytes", [RESULT_AT], 100),
  hostKernel("context.now", "8 bytes", [], 400),
  hostKernel("context.height", "8 bytes", [], 400),
  hostKernel("context.random", "little", [PLACE, 0, 0, RESULT_AT], 50),
  hostKernel("context.random", "much", [PLACE, LABEL, 1_024, RESULT_AT], 20),
  hostKernel("events.emit", "little", [PLACE, 0, PLACE, 0, 0], 16),
  hostKernel("events.emit", "much", [PLACE, 64, PLACE, 4_096, 1], 16),
  hostKernel("logging.log", "little", [1, PLACE, 0], 200),
  hostKernel("logging.log", "much", [1, PLACE, 30_000], 10),
  hostKernel("secrets.get", "little", [PLACE, 1, RESULT_AT], 100),
  hostKernel("secrets.get", "much", [PLACE, 64, RESULT_AT], 100),
  hostKernel("secrets.reference", "little", [PLACE, 1, RESULT_AT], 100),
  hostKernel("secrets.reference", "much", [PLACE, 64, RESULT_AT], 100),
  ...(["crypto.sha256", "crypto.keccak256"] as const).flatMap((key) => [
    hostKernel(key, "little", [PLACE, 0, RESULT_AT], 50),
    hostKernel(key, "much", [PLACE, LONG, RESULT_AT], 1),
  ]),
  hostKernel("crypto.blake2b", "little", [PLACE, 0, PLACE, 0, 64, RESULT_AT], 20),
  hostKernel("crypto.blake2b", "much", [PLACE, LONG, PLACE, 64, 64, RESULT_AT], 1),
  hostKernel("crypto.verify", "ed25519", [0, ...edKey, ...message, ...edSign], 2),
  hostKernel("crypto.verify", "ed25519, much", [0, ...edKey, PLACE, LONG, ...edSign], 1),
  hostKernel("crypto.verify", "secp256k1", [1, ...ecKey, ...message, ...ecSign], 1),
  hostKernel("crypto.verify", "sr25519", [2, ...srKey, ...message, ...srSign], 1),
  hostKernel("crypto.verify", "sr25519, much", [2, ...srKey, PLACE, LONG, ...srSign], 1),
  hostKernel("crypto.recover", "32 bytes", [...message, ...recovered, RESULT_AT], 1),
  hostKernel("crypto.seal", "little", [PLACE, 32, PLACE, 0, PLACE, 0, RESULT_AT], 20),
  hostKernel("crypto.seal", "much", [PLACE, 32, PLACE, LONG, PLACE, LONG, RESULT_AT], 1),
  hostKernel("crypto.open", "little", [PLACE, 32, PLACE, 0, PLACE, 28, RESULT_AT], 20),
  hostKernel("crypto.open", "much", [PLACE, 32, PLACE, LONG, PLACE, LONG, RESULT_AT], 1),
  hostKernel("keys.derive", "little", [PLACE, LABEL, RESULT_AT], 20),
  hostKernel("keys.public-key", "ed25519", [0, PLACE, LABEL, RESULT_AT], 2),
  hostKernel("keys.public-key", "secp256k1", [1, PLACE, LABEL, RESULT_AT], 1),
  hostKernel("keys.sign", "ed25519", [0, PLACE, LABEL, ...message, RESULT_AT], 2),
  hostKernel("keys.sign", "ed25519, much", [0, PLACE, LABEL, PLACE, LONG, RESULT_AT], 1),
  hostKernel("keys.sign", "secp256k1", [1, PLACE, LABEL, ...message, RESULT_AT], 1),
];

/** A short key's small value, a full key's large one, and a hundred between them. */
const committed = new ContractState([
  [new Uint8Array(1), new Uint8Array(16)],
  [new Uint8Array(KEY_BYTES), new Uint8Array(VALUE_BYTES)],
  ...Array.from({ length: 100 }, (_, at) => [Uint8Array.of(1, at), seed] as const),
]);
const random = commandRandom(nodePrimitives, () => seed, seed);

/** Calls as the enclave runs them, instance included: what a gas limit has to pay for. */
function whole(core: Uint8Array, mode: CallMode): () => Cost {
  const admitted = admitCore(core);
  const request = { method: "", args: new Uint8Array(0), gasLimit: GAS };
  return () => {
    const around = environment({ mode, state: new Overlay(committed), random });
    let gas = 0;
    const milliseconds = timed(() => {
      const { gasUsed, end } = runCall(admitted, request, around);
      if (end.kind === "fault") throw end.fault;
      gas = gasUsed;
    });
    return { milliseconds, gas };
  };
}

/** What the host functions of a kernel cost: the loop is `command`; `init` has none. */
export function hostWork({ core }: Kernel): Work {
  return { full: whole(core, "command"), idle: whole(core, "init") };
}

/** Calls that do nothing, by what their instances begin with. */
const beginnings: readonly (readonly [name: string, parts: Partial<KernelParts>])[] = [
  ["an instance of one page", { pages: 1 }],
  ["an instance of 40 pages", { pages: PAGES }],
  ["an instance of 40 pages, touched", { pages: PAGES, before: touched }],
  ["an instance of 256 pages", { pages: 256 }],
  ["an instance of 256 pages, touched", { pages: 256, before: touched }],
  ["an instance of an empty table", emptyTable],
  ["an instance of a full table", fullTable],
];

export const instances: readonly (readonly [name: string, work: () => Work])[] = beginnings.map(
  ([name, parts]) => [
    name,
    () => {
      const { core } = kernel(name, [], { unit: [], turns: 1, ...parts });
      return { full: whole(core, "command"), idle: () => ({ milliseconds: 0, gas: 0 }) };
    },
  ],
);
