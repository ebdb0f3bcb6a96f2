/**
 * Reads single values out of a JSON text, which is checked once as a whole and never unfolded.
 *
 * @module
 */
import { panic } from "./control";
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  isDigit,
  OPEN_ARRAY,
  OPEN_OBJECT,
  peek,
  QUOTE,
  skipDigits,
  skipKey,
  skipSpace,
  skipString,
  skipValue,
} from "./json-scan";
import { jsonString } from "./json-string";

/** Decimal digits an exponent may have: more is no number anybody means. */
const EXPONENT_DIGITS_MAX: usize = 3;

const LONG_EXPONENT = "JSON: the exponent is too large";

/** What was read last. */
let decimal: u64 = 0;

/** Decimal digits that fit a u64 whatever the next one is. */
const MANTISSA_FULL: u64 = 1_000_000_000_000_000_000;
/** The largest power of ten that a float holds exactly. */
const EXACT_POWER_MAX: i32 = 22;

/** `value` times ten to the `exponent`, in few steps of powers that are exact. */
function scaled(value: f64, exponent: i32): f64 {
  let left = abs(exponent);
  while (left > 0 && value != 0 && value != Infinity) {
    let power: f64 = 1;
    for (let i = min(left, EXACT_POWER_MAX); i > 0; i--) power *= 10;
    value = exponent > 0 ? value * power : value / power;
    left -= EXACT_POWER_MAX;
  }
  return value;
}

/** A value in a checked JSON text, or the absence of one. */
export class Json {
  /** Both 0 if there is no such value. */
  private constructor(
    private start: usize,
    private end: usize,
  ) {}

  /** The whole text as a value; text that is no JSON, or nested more than 32 deep, reads as null. */
  static parse(text: Uint8Array): Json {
    const start = skipSpace(text.dataStart, text.dataStart + text.length);
    const end = text.dataStart + text.length;
    const after = skipValue(start, end);
    if (after == 0 || skipSpace(after, end) != end) return new Json(0, 0);
    return new Json(start, after);
  }

  private first(): u32 {
    return peek(this.start, this.end);
  }

  /** Whether the value is null or absent. */
  get isNull(): bool {
    return this.start == this.end || this.first() == 0x6e;
  }

  get isString(): bool {
    return this.first() == QUOTE;
  }

  /**
   * The value at a path of member names and array indexes, as in `rates.USD` or `items.0.price`.
   * What is not there reads as null. Of members with one name, the last counts.
   */
  at(path: string): Json {
    let value: Json = this;
    let from = 0;
    while (from <= path.length) {
      let to = path.indexOf(".", from);
      if (to < 0) to = path.length;
      value = value.child(path.substring(from, to));
      from = to + 1;
    }
    return value;
  }

  private child(name: string): Json {
    const isObject = this.first() == OPEN_OBJECT;
    if (!isObject && this.first() != OPEN_ARRAY) return new Json(0, 0);
    const found = new Json(0, 0);
    let index = 0;
    let at = skipSpace(this.start + 1, this.end);
    if (peek(at, this.end) == CLOSE_OBJECT || peek(at, this.end) == CLOSE_ARRAY) return found;
    while (true) {
      let isMatch = false;
      if (isObject) {
        at = skipSpace(at, this.end);
        isMatch = jsonString(at, skipString(at, this.end)) == name;
        at = skipKey(at, this.end);
      } else {
        isMatch = index.toString() == name;
      }
      at = skipSpace(at, this.end);
      const after = skipValue(at, this.end);
      if (isMatch) {
        found.start = at;
        found.end = after;
      }
      index++;
      at = skipSpace(after, this.end);
      if (peek(at, this.end) != COMMA) return found;
      at++;
    }
  }

  /** Items of an array or members of an object; 0 for any other value. */
  get length(): i32 {
    const isObject = this.first() == OPEN_OBJECT;
    if (!isObject && this.first() != OPEN_ARRAY) return 0;
    let at = skipSpace(this.start + 1, this.end);
    if (peek(at, this.end) == CLOSE_OBJECT || peek(at, this.end) == CLOSE_ARRAY) return 0;
    let count = 0;
    while (true) {
      if (isObject) at = skipKey(at, this.end);
      at = skipSpace(skipValue(at, this.end), this.end);
      count++;
      if (peek(at++, this.end) != COMMA) return count;
    }
  }

  /** The text of a string; any other value fails the call. */
  asString(): string {
    if (this.first() != QUOTE) panic("JSON: not a string");
    return jsonString(this.start, this.end);
  }

  /** `true` or `false`; any other value fails the call. */
  asBool(): bool {
    const first = this.first();
    if (first != 0x74 && first != 0x66) panic("JSON: not a boolean");
    return first == 0x74;
  }

  /** A whole number written in digits alone; any other value fails the call. */
  asU64(): u64 {
    if (this.start == this.end || skipDigits(this.start, this.end) != this.end) {
      panic("JSON: not a whole number");
    }
    return this.asDecimal(0);
  }

  /** A whole number written in digits, with or without a minus before them; any other value fails the call. */
  asI64(): i64 {
    const start = this.magnitude();
    if (start == this.end || skipDigits(start, this.end) != this.end)
      panic("JSON: not a whole number");
    return this.asSignedDecimal(0);
  }

  /**
   * A number as a float, right to about 15 digits; any other value, and overflow, fail the call.
   */
  asF64(): f64 {
    const start = this.magnitude();
    const isNegative = start > this.start;
    if (!isDigit(peek(start, this.end))) panic("JSON: not a number");
    const whole = skipDigits(start, this.end);
    let mantissaEnd = whole;
    if (peek(whole, this.end) == 0x2e) mantissaEnd = skipDigits(whole + 1, this.end);
    let exponent = this.exponent(mantissaEnd);
    let mantissa: u64 = 0;
    for (let at = start; at < mantissaEnd; at++) {
      if (at == whole) continue;
      if (mantissa < MANTISSA_FULL) {
        mantissa = mantissa * 10 + load<u8>(at) - 0x30;
        if (at > whole) exponent--;
      } else if (at < whole) {
        exponent++;
      }
    }
    const value = scaled(<f64>mantissa, exponent);
    if (value == Infinity) panic("JSON: the number is too large");
    return isNegative ? -value : value;
  }

  /**
   * A number as a multiple of 10^-`places`, exactly and without floats: `1.0834` with 6 places is
   * 1083400. Further places are cut off. Negative and other values, and overflow, fail the call.
   */
  asDecimal(places: i32): u64 {
    const problem = this.readDecimal(this.start, places);
    if (problem.length > 0) panic(problem);
    return decimal;
  }

  /** As {@link asDecimal}, of a number that may lie below zero; what has no place is cut off towards zero. */
  asSignedDecimal(places: i32): i64 {
    const start = this.magnitude();
    const isNegative = start > this.start;
    const problem = this.readDecimal(start, places);
    if (problem.length > 0) panic(problem);
    const most: u64 = <u64>i64.MAX_VALUE + (isNegative ? 1 : 0);
    if (decimal > most) panic("JSON: the number is too large");
    return isNegative ? -(<i64>decimal) : <i64>decimal;
  }

  /**
   * The same, and `otherwise` where {@link asDecimal} would fail the call: an answer of one server among
   * several must not decide whether the call goes on.
   */
  asDecimalOr(places: i32, otherwise: u64): u64 {
    return this.readDecimal(this.start, places).length > 0 ? otherwise : decimal;
  }

  /** Where a number goes on behind its minus sign, or begins if it has none. */
  private magnitude(): usize {
    return this.first() == 0x2d ? this.start + 1 : this.start;
  }

  /** Leaves the number in {@link decimal}. @returns Why there is none; empty if there is one. */
  private readDecimal(start: usize, places: i32): string {
    if (!isDigit(peek(start, this.end))) return "JSON: not a number from zero up";
    const whole = skipDigits(start, this.end);
    let mantissa = whole;
    if (peek(whole, this.end) == 0x2e) mantissa = skipDigits(whole + 1, this.end);
    if (this.isLongExponent(mantissa)) return LONG_EXPONENT;
    const digits = <i32>(whole - start) + this.exponent(mantissa) + places;
    let value: u64 = 0;
    let at = start;
    for (let i = 0; i < digits; i++) {
      if (at == whole && at < mantissa) at++;
      const digit: u64 = at < mantissa ? load<u8>(at++) - 0x30 : 0;
      if (value > (u64.MAX_VALUE - digit) / 10) return "JSON: the number is too large";
      value = value * 10 + digit;
    }
    decimal = value;
    return "";
  }

  /** Where an exponent begins: its letter, a sign, and at most three digits are taken. */
  private isLongExponent(at: usize): bool {
    if (at == this.end) return false;
    const sign: usize = isDigit(peek(at + 1, this.end)) ? 1 : 2;
    return this.end - at - sign > EXPONENT_DIGITS_MAX;
  }

  private exponent(at: usize): i32 {
    if (at == this.end) return 0;
    if (this.isLongExponent(at)) panic(LONG_EXPONENT);
    const isNegative = peek(++at, this.end) == 0x2d;
    if (!isDigit(peek(at, this.end))) at++;
    let value = 0;
    while (at < this.end) value = value * 10 + load<u8>(at++) - 0x30;
    return isNegative ? -value : value;
  }
}
