/**
 * A recorded call as a module without imports: in place of each host function stands one that checks its
 * arguments and does to the contract what the host did, in the order in which it did.
 *
 * @module
 */
import type { CallRequest } from "#host/functions/call.ts";
import { worldImports, type WorldImportKey } from "#host/vm/world.ts";
import { constant, get, set, signed, u32, type Code } from "#test/support/wasm.ts";
import type { HostCall, Raw, Recording } from "#test/support/wasmtime/recorded.ts";
import { standAlone, type Anatomy } from "#test/support/wasmtime/surgery.ts";
import { RUN_EXPORT } from "#test/support/wasmtime/wizer.ts";
import { GAS_EXPORT } from "#host/vm/meter/counters.ts";

const [CALL, DROP, RETURN, UNREACHABLE] = [0x10, 0x1a, 0x0f, 0x00];
const [GLOBAL_GET, GLOBAL_SET] = [0x23, 0x24];
const I32 = 0x7f;
const ALLOCATE = "cabi_realloc";

/** What the call's result area is exported as. */
export const RESULT_EXPORT = "result";

export interface Replay {
  readonly mode: "init" | "migrate" | "command" | "query";
  readonly request: CallRequest;
  /** Gas left when the first code of the contract runs. */
  readonly gas: number;
}

/** Builds the module; it runs the call from the allocation of its arguments on. */
export function replayOf(anatomy: Anatomy, { calls }: Recording, replay: Replay): Uint8Array {
  const writer = new ReplayWriter(anatomy);
  const turns = calls.map((call, turn) => ({ call, turn }));
  return standAlone(anatomy, {
    bodies: anatomy.imports.map(({ module, name }) => {
      const own = turns.filter(({ call: { key } }) => isOf(key, module, name));
      return [0x00, ...own.flatMap(({ call, turn }) => writer.turn(call, turn)), UNREACHABLE];
    }),
    globals: [
      [I32, 1, ...constant(0), 0x0b],
      [I32, 1, ...constant(0), 0x0b],
    ],
    run: writer.run(replay),
    runExport: RUN_EXPORT,
    exportedGlobals: [[RESULT_EXPORT, writer.resultGlobal]],
  });
}

function isOf(key: WorldImportKey, module: string, name: string): boolean {
  return worldImports[key].module === module && worldImports[key].name === name;
}

class ReplayWriter {
  readonly resultGlobal: number;
  readonly #turnGlobal: number;
  readonly #gasGlobal: number;
  readonly #exports: Anatomy["exports"];

  constructor({ exports, globals }: Anatomy) {
    this.#exports = exports;
    this.#turnGlobal = globals;
    this.resultGlobal = globals + 1;
    this.#gasGlobal = exports.get(GAS_EXPORT)?.index ?? 0;
  }

  #call(name: string): number[] {
    return [CALL, ...u32(this.#exports.get(name)?.index ?? 0)];
  }

  #allocate(size: number, alignment: number): number[] {
    const args = [0, 0, alignment, size].flatMap((value) => constant(value));
    return [...args, ...this.#call(ALLOCATE)];
  }

  /** What one host call does, if it is its turn. */
  turn(call: HostCall, turn: number): number[] {
    const { args, result, gas, allocations, writes, threw } = call;
    const inside = [
      ...args.flatMap((value, index) => expectation(value, index)),
      ...[...constant(turn + 1), GLOBAL_SET, ...u32(this.#turnGlobal)],
      ...[GLOBAL_GET, ...u32(this.#gasGlobal), 0x42, ...signed(gas), 0x7d],
      ...[GLOBAL_SET, ...u32(this.#gasGlobal)],
      ...allocations.flatMap((one) => [...this.#allocate(one.size, one.alignment), DROP]),
      ...writes.flatMap(({ address, bytes }) => stores(constant(address), bytes)),
      ...(result === undefined ? [] : pushed(result)),
      threw ? UNREACHABLE : RETURN,
    ];
    const isTurn = [GLOBAL_GET, ...u32(this.#turnGlobal), ...constant(turn), 0x46];
    return [...isTurn, 0x04, 0x40, ...inside, 0x0b];
  }

  /** The call itself, as the host makes it. */
  run({ mode, request: { method, args }, gas }: Replay): Code {
    const [methodAt, argsAt] = [0, 1];
    const units = new Uint8Array(Uint16Array.from(method, (unit) => unit.charCodeAt(0)).buffer);
    const passed = [get(methodAt), constant(method.length), get(argsAt), constant(args.length)];
    return [
      ...[1, 2, I32],
      ...[0x42, ...signed(gas), GLOBAL_SET, ...u32(this.#gasGlobal)],
      ...(this.#exports.has("_initialize") ? this.#call("_initialize") : []),
      ...[...this.#allocate(units.length, 2), ...set(methodAt), ...stores(get(methodAt), units)],
      ...[...this.#allocate(args.length, 1), ...set(argsAt), ...stores(get(argsAt), args)],
      ...[...passed.flat(), ...this.#call(mode), GLOBAL_SET, ...u32(this.resultGlobal)],
    ];
  }
}

function pushed(value: Raw): number[] {
  return typeof value === "bigint" ? [0x42, ...signed(value)] : constant(value);
}

/** Traps unless a parameter has the value it had. */
function expectation(value: Raw, index: number): number[] {
  const isOther = typeof value === "bigint" ? 0x52 : 0x47;
  return [...get(index), ...pushed(value), isOther, 0x04, 0x40, UNREACHABLE, 0x0b];
}

/** Stores bytes at and behind an address, eight at a time. */
function stores(address: Code, bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const code: number[] = [];
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const value = signed(view.getBigInt64(at, true));
    for (const byte of [...address, 0x42, ...value, 0x37, 0, ...u32(at)]) code.push(byte);
  }
  for (; at < bytes.length; at++) {
    code.push(...address, ...constant(view.getUint8(at)), 0x3a, 0, ...u32(at));
  }
  return code;
}
