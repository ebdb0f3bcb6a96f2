/**
 * How a command can fail to pass, and the engine's words for each trap.
 *
 * @module
 */

/** Thrown to leave a command that our feature set does not cover. */
export class Skip extends Error {}
/** Thrown where the outcome is not the one the script asks for. */
export class Wrong extends Error {}

const TRAPS: readonly (readonly [text: string, engine: RegExp])[] = [
  ["integer divide by zero", /divide by zero|remainder by zero/],
  ["integer overflow", /unrepresentable/],
  ["invalid conversion to integer", /unrepresentable/],
  ["out of bounds memory access", /memory access out of bounds|data segment/],
  [
    "out of bounds table access",
    /table index is out of bounds|table initializer|element segment|out of bounds/,
  ],
  ["undefined element", /table index is out of bounds/],
  ["uninitialized element", /null function|signature mismatch|is null/],
  ["indirect call type mismatch", /signature mismatch/],
  ["unreachable", /unreachable/],
];

/** Whether the engine's message is the trap that the suite calls `text`. */
export function isTrap(text: string, message: string): boolean {
  return TRAPS.find(([words]) => text.startsWith(words))?.[1].test(message) === true;
}
