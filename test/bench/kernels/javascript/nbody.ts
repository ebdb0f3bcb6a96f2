/**
 * Planets that pull each other.
 *
 * @module
 */
const STEP = 0.01;

interface Planet {
  x: number;
  y: number;
  z: number;
  vx: number;
  vy: number;
  vz: number;
  readonly mass: number;
}

/** Where a planet is, how it moves, and what it weighs. */
const SYSTEM = [
  [0, 0, 0, 0, 0, 0, 39.47],
  [4.84, -1.16, -0.1, 0.6, 2.81, -0.02, 0.037],
  [8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011],
  [12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017],
  [15.37, -25.9, 0.17, 0.97, 0.59, -0.03, 0.002],
] as const;

export function run(steps: number): number {
  const planets: Planet[] = SYSTEM.map(([x, y, z, vx, vy, vz, mass]) => {
    return { x, y, z, vx, vy, vz, mass };
  });
  for (let step = 0; step < steps; step++) advance(planets);
  return Math.trunc(energy(planets) * -1e6) >>> 0;
}

function advance(planets: readonly Planet[]): void {
  for (let i = 0; i < planets.length; i++) {
    const a = planets[i]!;
    for (let j = i + 1; j < planets.length; j++) {
      const b = planets[j]!;
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const square = dx * dx + dy * dy + dz * dz;
      const pull = STEP / (square * Math.sqrt(square));
      a.vx -= dx * b.mass * pull;
      a.vy -= dy * b.mass * pull;
      a.vz -= dz * b.mass * pull;
      b.vx += dx * a.mass * pull;
      b.vy += dy * a.mass * pull;
      b.vz += dz * a.mass * pull;
    }
  }
  for (const planet of planets) {
    planet.x += STEP * planet.vx;
    planet.y += STEP * planet.vy;
    planet.z += STEP * planet.vz;
  }
}

function energy(planets: readonly Planet[]): number {
  let sum = 0;
  for (let i = 0; i < planets.length; i++) {
    const a = planets[i]!;
    sum += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (let j = i + 1; j < planets.length; j++) {
      const b = planets[j]!;
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      sum -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return sum;
}
