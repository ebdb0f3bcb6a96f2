/**
 * Calls with every bit in place: floats cross to JavaScript as integers, so no NaN is touched on the way.
 *
 * @module
 */
import type { FunctionType } from "#host/vm/decode/module.ts";
import { op, valueType } from "#host/vm/decode/opcodes.ts";
import type { Value } from "#test/conformance/script.ts";
import { name, PREAMBLE, section, u32, vector } from "#test/support/wasm.ts";

const { i32, i64, f32, f64 } = valueType;
const integerOf: Readonly<Record<number, number>> = {
  [i32]: i32,
  [i64]: i64,
  [f32]: i32,
  [f64]: i64,
};
const toFloat: Readonly<Record<number, readonly number[]>> = { [f32]: [0xbe], [f64]: [0xbf] };
const toInteger: Readonly<Record<number, readonly number[]>> = {
  [f32]: [op.i32ReinterpretF32],
  [f64]: [op.i64ReinterpretF64],
};
const WIDTH: Readonly<Record<string, number>> = { i32: 32, f32: 32, i64: 64, f64: 64 };
const wrappers = new Map<string, WebAssembly.Module>();

/** A module that calls `f.f` of type `type` and takes and gives bits for floats. */
function wrapper(type: FunctionType): WebAssembly.Module {
  const key = `${type.params.join()}:${type.results.join()}`;
  const known = wrappers.get(key);
  if (known !== undefined) return known;
  const { params, results } = type;
  const integers = (types: readonly number[]): number[] =>
    vector(types.map((one) => [integerOf[one] ?? 0]));
  const local = (index: number): number[] => u32(params.length + index);
  const code = [
    ...params.flatMap((one, index) => [op.localGet, ...u32(index), ...(toFloat[one] ?? [])]),
    ...[op.call, 0],
    ...results.flatMap((_, index) => [op.localSet, ...local(results.length - 1 - index)]),
    ...results.flatMap((one, index) => [op.localGet, ...local(index), ...(toInteger[one] ?? [])]),
    op.end,
  ];
  const body = [...vector(results.map((one) => [1, one])), ...code];
  const types = [
    [0x60, ...vector(params.map((one) => [one])), ...vector(results.map((one) => [one]))],
    [0x60, ...integers(params), ...integers(results)],
  ];
  const bytes = [
    ...PREAMBLE,
    ...section(1, vector(types)),
    ...section(2, vector([[...name("f"), ...name("f"), 0, 0]])),
    ...section(3, vector([[1]])),
    ...section(7, vector([[...name("w"), 0, 1]])),
    ...section(10, vector([[...u32(body.length), ...body]])),
  ];
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  wrappers.set(key, module);
  return module;
}

/** Calls an exported Wasm function; arguments and results are bits as unsigned numbers. */
export function callBits(
  run: WebAssembly.ExportValue,
  type: FunctionType,
  args: readonly Value[],
): bigint[] {
  const { exports } = new WebAssembly.Instance(wrapper(type), { f: { f: run } });
  const call = exports["w"] as (...args: (number | bigint)[]) => unknown;
  const given = args.map(({ type: kind, value = "0" }) =>
    WIDTH[kind] === 32 ? Number(BigInt.asIntN(32, BigInt(value))) : BigInt(value),
  );
  const result = call(...given);
  const list = (Array.isArray(result) ? result : [result]) as (number | bigint)[];
  return type.results.map((one, index) =>
    BigInt.asUintN(integerOf[one] === i32 ? 32 : 64, BigInt(list[index] ?? 0)),
  );
}

/** The bits of a global's value; a NaN comes as JavaScript's. */
export function globalBits(type: string, value: unknown): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (type === "f32") view.setFloat32(0, Number(value));
  else if (type === "f64") view.setFloat64(0, Number(value));
  else return BigInt.asUintN(WIDTH[type] ?? 0, BigInt(value as number | bigint));
  return type === "f32" ? BigInt(view.getUint32(0)) : view.getBigUint64(0);
}

/** Whether `bits` is what the script expects, NaN classes and choices included. */
export function matches(expected: Value, bits: bigint | undefined): boolean {
  const { type, value, values = [] } = expected;
  if (type === "either") return values.some((choice) => matches(choice, bits));
  const width = WIDTH[type];
  if (bits === undefined || width === undefined) return false;
  const [quiet, magnitude] =
    width === 32 ? [0x7fc0_0000n, 0x7fff_ffffn] : [0x7ff8_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn];
  if (value === undefined) return true;
  if (value === "nan:canonical") return (bits & magnitude) === quiet;
  if (value === "nan:arithmetic") return (bits & quiet) === quiet;
  return bits === BigInt.asUintN(width, BigInt(value));
}
