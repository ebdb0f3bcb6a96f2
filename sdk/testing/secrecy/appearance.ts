/**
 * How a world looks from outside: what its operator saw of it, one line each, and what its calls cost.
 *
 * @module
 */
import type { SpentGas } from "#sdk/testing/contract/gas.ts";
import type { World } from "#sdk/testing/world.ts";

export interface Appearance {
  /** Messages on the pipe and HTTPS exchanges in order, then the snapshot. */
  readonly seen: readonly string[];
  readonly spent: readonly SpentGas[];
}

export function appearanceOf(world: World): Appearance {
  const { frames, egress, snapshot } = world.operatorView();
  const seen = [
    ...frames.map(({ direction, type, bytes }) => {
      return `${direction === "to-enclave" ? "→" : "←"} ${type}, ${bytes.length} bytes`;
    }),
    ...egress.map(({ host, port, sentBytes, receivedBytes }) => {
      return `${host}:${port}, ${sentBytes} bytes sent, ${receivedBytes} received`;
    }),
    ...snapshot.map((piece) => `snapshot piece, ${piece.length} bytes`),
  ];
  return { seen, spent: world.gas.spent };
}

/**
 * What tells two appearances apart, in words; nothing if nothing does.
 *
 * @param tolerance - Part by which the gas of a call may differ: time shows it, but not exactly.
 */
export function differences(one: Appearance, other: Appearance, tolerance: number): string[] {
  return [...seenDifferences(one.seen, other.seen), ...gasDifferences(one, other, tolerance)];
}

function seenDifferences(one: readonly string[], other: readonly string[]): string[] {
  const count =
    one.length === other.length
      ? []
      : [`${one.length} messages with the first secret, ${other.length} with the second`];
  const pairs = one.slice(0, other.length).flatMap((line, i) => {
    const second = other[i] ?? "";
    return line === second ? [] : [`${i}: ${line}  |  ${second}`];
  });
  return [...count, ...pairs];
}

function gasDifferences(one: Appearance, other: Appearance, tolerance: number): string[] {
  return one.spent.flatMap((call, i) => {
    const second = other.spent[i];
    const [name, otherName] = [call, second].map((each) => `${each?.contract}.${each?.method}`);
    if (second === undefined || name !== otherName) return [];
    const [least, most] = [call.gasUsed, second.gasUsed].toSorted((a, b) => a - b);
    if (least === undefined || most === undefined || most <= least * (1 + tolerance)) return [];
    const percent = (((most - least) / least) * 100).toFixed(1);
    return [`${name}: ${call.gasUsed} gas  |  ${second.gasUsed} gas (${percent} % apart)`];
  });
}
