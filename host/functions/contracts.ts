/**
 * Host function `hermetic:contract/contracts`: a contract calls another one and goes on with what it answers.
 *
 * Whatever becomes of the other contract is a value here, unless the machine itself is at fault: then
 * the whole chain ends, because another worker would see something else. The caller pays what the
 * call used, and keeps a part of its gas out of reach of whoever it calls.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import { ARGUMENT_BYTES_MAX, NAME_LENGTH_MAX } from "#protocol/limits.ts";
import type { PreparedCall, SubCall } from "#host/functions/environment.ts";
import type { CallEnd, CallOutcome } from "#host/functions/outcome.ts";
import { CALLER_GAS_PART } from "#host/functions/prices.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";
import { clampGas } from "#host/vm/gas.ts";

const KEY = "contracts.call";
const WORD = 4;
const ADDRESS_BYTES = 32;
/** `result<list<u8>, failure>`: tag, then pointer and length, or the failure's tag and its case. */
const RESULT_BYTES = 24;
/** In the order of the WIT enum `kind`. */
const KINDS = ["command", "query"] as const;
/** Ends that are no answer of the callee: the machine's, or of what was recorded. No caller can go on from one. */
const FINAL: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "BUSY",
  "CALL_TIMEOUT",
  "HTTP_REPLAY_MISMATCH",
]);

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
    methodPointer: number,
    methodLength: number,
    argsPointer: number,
    argsLength: number,
    gasTag: number,
    gas: bigint,
    result: number,
  ): void | Promise<void> => {
    const [target, units, length] = [targetLength >>> 0, methodLength >>> 0, argsLength >>> 0];
    // `_initialize` runs on the host's stack, which can never be suspended: live and replayed agree.
    if (call.instance.phase === "starting") throw new Fault("REENTRY_REFUSED");
    call.enter(KEY, target + units * 2 + length);
    const kind = KINDS[kindIndex >>> 0];
    if (kind === undefined || gasTag >>> 0 > 1 || target !== ADDRESS_BYTES) {
      throw new Fault("ABI_VIOLATION");
    }
    checkLength(units, NAME_LENGTH_MAX);
    checkLength(length, ARGUMENT_BYTES_MAX);
    const area = call.memory.region(result, RESULT_BYTES, WORD);
    const prepared = prepare(call, {
      target: call.memory.readBytes(targetPointer, target),
      kind,
      method: call.memory.readText(methodPointer, units),
      args: call.memory.readBytes(argsPointer, length),
    });
    call.gas.charge(prepared.gas);
    if (prepared.run instanceof Fault) return writeFailure(call, area, prepared.run);
    const running = prepared.run({
      gasLimit: gasFor(call, gasTag, gas),
      sliceGas: call.gas.inSlice,
      heldBytes: call.heldBytes,
    });
    if (!(running instanceof Promise)) return finish(call, area, running);
    return call.instance.wait(running).then((outcome) => finish(call, area, outcome));
  };

function checkLength(length: number, limit: number): void {
  if (length > limit) throw new Fault("REGION_TOO_LARGE", { length, limit });
}

function prepare(call: RunningCall, request: SubCall): PreparedCall {
  const { link } = call.environment;
  if (link === undefined) return { gas: 0, run: new Fault("CONTRACT_UNKNOWN") };
  return link.prepare(request, call.instance.stackLeft);
}

/** What the callee may use: what was asked for, within what the caller can spare. */
function gasFor(call: RunningCall, tag: number, gas: bigint): number {
  const { left } = call.gas;
  const spare = left - Math.floor(left / CALLER_GAS_PART);
  if (tag === 0) return spare;
  return Math.min(spare, clampGas(Number(BigInt.asUintN(64, gas))));
}

function finish(call: RunningCall, area: number, outcome: CallOutcome): void {
  const { end, gasUsed, events } = outcome;
  call.gas.charge(gasUsed);
  if (end.kind === "fault" && isFinal(end.fault)) throw end.fault;
  // Others are private to whoever called: a contract, which receives none.
  call.events.push(...events.filter((event) => event.public));
  if (end.kind === "fault") writeFailure(call, area, end.fault);
  else writeEnd(call, area, end);
}

function isFinal(fault: Fault): boolean {
  return fault.side === "enclave" || FINAL.has(fault.code);
}

function writeEnd(
  call: RunningCall,
  area: number,
  end: Exclude<CallEnd, { readonly kind: "fault" }>,
): void {
  const { memory } = call;
  if (end.kind === "returned") {
    call.chargeBytes(KEY, end.value.length);
    const value = memory.writeBytes(end.value);
    memory.setU8(area, 0);
    memory.setU32(area + WORD, value);
    memory.setU32(area + 2 * WORD, end.value.length);
    return;
  }
  const { name, fields } = end;
  call.chargeBytes(KEY, name.length * 2 + fields.length);
  const text = memory.writeText(name);
  const bytes = memory.writeBytes(fields);
  memory.setU8(area, 1);
  memory.setU8(area + WORD, 0);
  memory.setU32(area + 2 * WORD, text);
  memory.setU32(area + 3 * WORD, name.length);
  memory.setU32(area + 4 * WORD, bytes);
  memory.setU32(area + 5 * WORD, fields.length);
}

function writeFailure({ memory }: RunningCall, area: number, fault: Fault): void {
  memory.setU8(area, 1);
  memory.setU8(area + WORD, 1);
  memory.setU32(area + 2 * WORD, fault.number);
}
