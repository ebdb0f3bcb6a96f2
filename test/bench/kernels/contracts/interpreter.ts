/** Steps of a small register machine: a switch in a loop. */
@contract
export class Interpreter {
  @query
  run(steps: u32): u32 {
    // add r2 r1; mul r3 r2; xor r0 r3; shift r0; and r4 r2; jump.
    const code: StaticArray<u32> = [0, 2, 1, 1, 3, 2, 2, 0, 3, 3, 0, 5, 4, 4, 2, 5, 0, 0];
    const registers = new StaticArray<u32>(8);
    registers[1] = 1;
    let at: u32 = 0;
    for (let step: u32 = 0; step < steps; step++) {
      const a = code[at + 1];
      const b = code[at + 2];
      switch (code[at]) {
        case 0:
          registers[a] += registers[b];
          break;
        case 1:
          registers[a] = registers[b] * registers[b];
          break;
        case 2:
          registers[a] ^= registers[b];
          break;
        case 3:
          registers[a] = rotl<u32>(registers[a], b);
          break;
        case 4:
          registers[a] &= registers[b];
          break;
        default:
          at = 0;
          continue;
      }
      at += 3;
    }
    return registers[0];
  }
}
