/**
 * Tells floats that cannot be NaN by the instruction that gives them.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import { op } from "#host/vm/decode/opcodes.ts";

/** Conversions of integers: four to f32, four to f64; between them and behind stand those of floats. */
const F32_CONVERT = 0xb2;
const F64_CONVERT = 0xb7;
const CONVERSIONS = 4;

/** Whether instruction `index` of a body in `bytes` gives a float that is a number, whatever its operands are. */
export function isNumber(body: Body, index: number, bytes: Uint8Array): boolean {
  const code = body.opcode[index] ?? 0;
  if (code >= F32_CONVERT && code < F32_CONVERT + CONVERSIONS) return true;
  if (code >= F64_CONVERT && code < F64_CONVERT + CONVERSIONS) return true;
  if (code !== op.f32Const && code !== op.f64Const) return false;
  // IEEE 754: a NaN or an infinity has an exponent of ones, in the last two of the little-endian bytes.
  const end = body.offset[index + 1] ?? 0;
  const high = (((bytes[end - 1] ?? 0) << 8) | (bytes[end - 2] ?? 0)) & 0x7fff;
  const exponent = code === op.f32Const ? 0x7f80 : 0x7ff0;
  return (high & exponent) !== exponent;
}
