/**
 * Steps of a small register machine: a switch in a loop.
 *
 * @module
 */
/** Add r2 r1; mul r3 r2; xor r0 r3; shift r0; and r4 r2; jump. */
const CODE = [0, 2, 1, 1, 3, 2, 2, 0, 3, 3, 0, 5, 4, 4, 2, 5, 0, 0];

export function run(steps: number): number {
  const registers = new Int32Array(8);
  registers[1] = 1;
  let at = 0;
  for (let step = 0; step < steps; step++) {
    const a = CODE[at + 1]!;
    const b = CODE[at + 2]!;
    switch (CODE[at]) {
      case 0:
        registers[a]! += registers[b]!;
        break;
      case 1:
        registers[a] = Math.imul(registers[b]!, registers[b]!);
        break;
      case 2:
        registers[a]! ^= registers[b]!;
        break;
      case 3:
        registers[a] = (registers[a]! << b) | (registers[a]! >>> (32 - b));
        break;
      case 4:
        registers[a]! &= registers[b]!;
        break;
      default:
        at = 0;
        continue;
    }
    at += 3;
  }
  return registers[0]! >>> 0;
}
