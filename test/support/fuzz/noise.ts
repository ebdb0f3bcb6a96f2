/**
 * Hostile text and bytes off a tape: pieces that mean something to a parser, then a few changes.
 *
 * @module
 */
import type { Tape } from "#test/support/random/tape.ts";

/** Characters that parsers disagree about, besides plain ones. */
const CHARACTERS = [
  ..."aZ09-._~:/?#[]@!$&'()*+,;=% \t\r\n\0\\\"<>^`{|}\x7f",
  ..."éＡ。ⓐ\u200d\ud800\uffff",
  "🦊",
];

/** So many pieces of a list, joined; from none to `most`. */
export function joined(tape: Tape, pieces: readonly string[], most: number): string {
  let text = "";
  for (let left = tape.draw(most + 1); left > 0; left--) text += tape.pick(pieces);
  return text;
}

/** The text with up to three characters changed, taken out or put in; as it is two times of three. */
export function disturbed(tape: Tape, text: string): string {
  if (!tape.once(3)) return text;
  const units = [...text];
  for (let left = 1 + tape.draw(3); left > 0; left--) {
    const at = tape.draw(units.length + 1);
    units.splice(at, tape.draw(2), ...(tape.once(3) ? [] : [tape.pick(CHARACTERS)]));
  }
  return units.join("");
}

/** The bytes with some of them changed, cut or doubled; as they are one time of four. */
export function garbled(tape: Tape, bytes: Uint8Array): Uint8Array {
  let copy = new Uint8Array(bytes);
  if (tape.once(4) || copy.length === 0) return copy;
  for (let left = 1 + tape.draw(4); left > 0; left--) {
    const at = tape.draw(copy.length);
    switch (tape.draw(4)) {
      case 0:
        copy[at] = tape.draw(256);
        break;
      case 1:
        copy[at] = (copy[at] ?? 0) ^ (1 << tape.draw(8));
        break;
      case 2:
        copy = copy.slice(0, at);
        break;
      default:
        copy = Uint8Array.from([...copy.subarray(0, at), tape.draw(256), ...copy.subarray(at)]);
    }
    if (copy.length === 0) break;
  }
  return copy;
}

/** Any bytes, up to so many. */
export function noise(tape: Tape, most: number): Uint8Array {
  return Uint8Array.from({ length: tape.draw(most + 1) }, () => tape.draw(256));
}
