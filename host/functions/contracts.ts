/**
 * Host functions `hermetic:contract/contracts`: a contract calls another one, or makes one, and goes on with
 * what it answers.
 *
 * Whatever becomes of the other contract is a value here, unless the machine itself is at fault: then
 * the whole chain ends, because another worker would see something else. The caller pays what the
 * call used, and keeps a part of its gas out of reach of whoever it calls.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import { ARGUMENT_BYTES_MAX, NAME_LENGTH_MAX, SALT_BYTES_MAX } from "#protocol/limits.ts";
import type { PreparedCall, SubCall } from "#host/functions/environment.ts";
import { checkLength } from "#host/functions/lengths.ts";
import type { CallEnd, CallOutcome } from "#host/functions/outcome.ts";
import { CALLER_GAS_PART } from "#host/functions/prices.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";
import { clampGas } from "#host/vm/gas.ts";
import type { WorldImportKey } from "#host/vm/world.ts";

const WORD = 4;
const ADDRESS_BYTES = 32;
/** SHA-256 of a component. */
export const HASH_BYTES = 32;
/** `result<list<u8>, failure>`: tag, then pointer and length, or the failure's tag and its case. */
export const RESULT_BYTES = 24;
/** In the order of the WIT enum `kind`. */
const KINDS = ["command", "query"] as const;
/** Ends that are no answer of the callee: the machine's, or of what was recorded. No caller can go on from one. */
const FINAL: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "BUSY",
  "CALL_TIMEOUT",
  "HTTP_REPLAY_MISMATCH",
]);

/** What both functions take behind their own parameters. */
type Tail = [
  methodPointer: number,
  methodLength: number,
  argsPointer: number,
  argsLength: number,
  gasTag: number,
  gas: bigint,
  result: number,
];

/**
 * `call: func(target, kind, method, args, gas) -> result<list<u8>, failure>`; `REGION_TOO_LARGE` for
 * a method or arguments over their limits.
 */
export const contractsCall: Bind =
  (call) =>
  (
    targetPointer: number,
    targetLength: number,
    kindIndex: number,
    ...tail: Tail
  ): void | Promise<void> => {
    const asked = new Asked(call, tail);
    const target = targetLength >>> 0;
    enter(call, "contracts.call", target + asked.bytes);
    const kind = KINDS[kindIndex >>> 0];
    if (kind === undefined || !asked.hasGas || target !== ADDRESS_BYTES) {
      throw new Fault("ABI_VIOLATION");
    }
    const area = asked.area();
    const prepared = prepare(call, {
      target: call.memory.readBytes(targetPointer, target),
      kind,
      ...asked.read(),
    });
    return run(call, { key: "contracts.call", area, prepared }, asked);
  };

/**
 * `instantiate: func(code, salt, method, args, gas) -> result<list<u8>, failure>`; `REGION_TOO_LARGE` for
 * a method, a salt or arguments over their limits.
 */
export const contractsInstantiate: Bind =
  (call) =>
  (
    codePointer: number,
    codeLength: number,
    saltPointer: number,
    saltLength: number,
    ...tail: Tail
  ): void | Promise<void> => {
    const asked = new Asked(call, tail);
    const salt = saltLength >>> 0;
    enter(call, "contracts.instantiate", (codeLength >>> 0) + salt + asked.bytes);
    if (!asked.hasGas || codeLength >>> 0 !== HASH_BYTES) throw new Fault("ABI_VIOLATION");
    checkLength(salt, SALT_BYTES_MAX);
    const area = asked.area();
    const birth = {
      codeHash: call.memory.readBytes(codePointer, HASH_BYTES),
      salt: call.memory.readBytes(saltPointer, salt),
      ...asked.read(),
    };
    const { link } = call.environment;
    const prepared = link?.prepareBirth(birth, call.instance.stackLeft) ?? alone("CODE_UNKNOWN");
    return run(call, { key: "contracts.instantiate", area, prepared }, asked);
  };

/** A method, its arguments, gas, and where the result goes: as the contract gave them. */
class Asked {
  readonly #memory: RunningCall["memory"];
  readonly #method: Span;
  readonly #args: Span;
  readonly #gasTag: number;
  readonly #gas: bigint;
  readonly #result: number;

  constructor({ memory }: RunningCall, tail: Tail) {
    const [methodPointer, methodLength, argsPointer, argsLength, gasTag, gas, result] = tail;
    this.#memory = memory;
    this.#method = { pointer: methodPointer, length: methodLength >>> 0 };
    this.#args = { pointer: argsPointer, length: argsLength >>> 0 };
    this.#gasTag = gasTag >>> 0;
    this.#gas = gas;
    this.#result = result;
  }

  /** Bytes of method and arguments. */
  get bytes(): number {
    return this.#method.length * 2 + this.#args.length;
  }

  /** Whether it says in a form that exists what gas may be used. */
  get hasGas(): boolean {
    return this.#gasTag <= 1;
  }

  /** Where the result goes. @throws {@link Fault} `REGION_TOO_LARGE` for a method or arguments over their limits. */
  area(): number {
    checkLength(this.#method.length, NAME_LENGTH_MAX);
    checkLength(this.#args.length, ARGUMENT_BYTES_MAX);
    return this.#memory.region(this.#result, RESULT_BYTES, WORD);
  }

  read(): Pick<SubCall, "method" | "args"> {
    return {
      method: this.#memory.readText(this.#method.pointer, this.#method.length),
      args: this.#memory.readBytes(this.#args.pointer, this.#args.length),
    };
  }

  /** What the callee may use: what was asked for, within what the caller can spare. */
  gasLimit({ left }: RunningCall["gas"]): number {
    const spare = left - Math.floor(left / CALLER_GAS_PART);
    if (this.#gasTag === 0) return spare;
    return Math.min(spare, clampGas(Number(BigInt.asUintN(64, this.#gas))));
  }
}

/** A pointer, and how many units lie there. */
interface Span {
  readonly pointer: number;
  readonly length: number;
}

/** Lets a host function in that runs another contract, or prepares for it. */
export function enter(call: RunningCall, key: WorldImportKey, bytes: number): void {
  // `_initialize` runs on the host's stack, which can never be suspended: live and replayed agree.
  if (call.instance.phase === "starting") throw new Fault("REENTRY_REFUSED");
  call.enter(key, bytes);
}

/** What is to be run, and where its result goes. */
interface Running {
  readonly key: WorldImportKey;
  readonly area: number;
  readonly prepared: PreparedCall;
}

function run(call: RunningCall, running: Running, asked: Asked): void | Promise<void> {
  const { prepared, area } = running;
  call.gas.charge(prepared.gas);
  if (prepared.run instanceof Fault) return writeFailure(call, area, prepared.run);
  const outcome = prepared.run({
    gasLimit: asked.gasLimit(call.gas),
    sliceGas: call.gas.inSlice,
    heldBytes: call.heldBytes,
  });
  if (!(outcome instanceof Promise)) return finish(call, running, outcome);
  return call.instance.wait(outcome).then((ended) => finish(call, running, ended));
}

/** What a contract is told that is alone. */
function alone(code: FaultCode): PreparedCall {
  return { gas: 0, run: new Fault(code) };
}

function prepare(call: RunningCall, request: SubCall): PreparedCall {
  const { link } = call.environment;
  return link?.prepare(request, call.instance.stackLeft) ?? alone("CONTRACT_UNKNOWN");
}

function finish(call: RunningCall, { key, area }: Running, outcome: CallOutcome): void {
  const { end, gasUsed, gasRun, events } = outcome;
  call.gasForfeited += gasUsed - gasRun;
  call.gas.charge(gasUsed);
  if (end.kind === "fault" && isFinal(end.fault)) throw end.fault;
  // Others are private to whoever called: a contract, which receives none.
  call.events.push(...events.filter((event) => event.public));
  if (end.kind === "fault") writeFailure(call, area, end.fault);
  else writeEnd(call, key, area, end);
}

function isFinal(fault: Fault): boolean {
  return fault.side === "enclave" || FINAL.has(fault.code);
}

function writeEnd(
  call: RunningCall,
  key: WorldImportKey,
  area: number,
  end: Exclude<CallEnd, { readonly kind: "fault" }>,
): void {
  const { memory } = call;
  if (end.kind === "returned") {
    call.chargeBytes(key, end.value.length);
    const value = memory.writeBytes(end.value);
    memory.setU8(area, 0);
    memory.setU32(area + WORD, value);
    memory.setU32(area + 2 * WORD, end.value.length);
    return;
  }
  const { name, fields } = end;
  call.chargeBytes(key, name.length * 2 + fields.length);
  const text = memory.writeText(name);
  const bytes = memory.writeBytes(fields);
  memory.setU8(area, 1);
  memory.setU8(area + WORD, 0);
  memory.setU32(area + 2 * WORD, text);
  memory.setU32(area + 3 * WORD, name.length);
  memory.setU32(area + 4 * WORD, bytes);
  memory.setU32(area + 5 * WORD, fields.length);
}

/** Writes a fault as the failure that the contract is told of. */
export function writeFailure({ memory }: RunningCall, area: number, fault: Fault): void {
  memory.setU8(area, 1);
  memory.setU8(area + WORD, 1);
  memory.setU32(area + 2 * WORD, fault.number);
}
