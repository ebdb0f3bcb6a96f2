class Planet {
  constructor(
    public x: f64,
    public y: f64,
    public z: f64,
    public vx: f64,
    public vy: f64,
    public vz: f64,
    public mass: f64,
  ) {}
}

const STEP: f64 = 0.01;

/** Planets that pull each other: many stores of doubles. */
@contract
export class Nbody {
  @query
  run(steps: u32): u32 {
    const planets: Planet[] = [
      new Planet(0, 0, 0, 0, 0, 0, 39.47),
      new Planet(4.84, -1.16, -0.1, 0.6, 2.81, -0.02, 0.037),
      new Planet(8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011),
      new Planet(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017),
      new Planet(15.37, -25.9, 0.17, 0.97, 0.59, -0.03, 0.002),
    ];
    for (let step: u32 = 0; step < steps; step++) advance(planets);
    return <u32>(<i64>(energy(planets) * -1e6));
  }
}

function advance(planets: Planet[]): void {
  const count = planets.length;
  for (let i = 0; i < count; i++) {
    const a = planets[i];
    for (let j = i + 1; j < count; j++) {
      const b = planets[j];
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
  for (let i = 0; i < count; i++) {
    const planet = planets[i];
    planet.x += STEP * planet.vx;
    planet.y += STEP * planet.vy;
    planet.z += STEP * planet.vz;
  }
}

function energy(planets: Planet[]): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < planets.length; i++) {
    const a = planets[i];
    sum += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (let j = i + 1; j < planets.length; j++) {
      const b = planets[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      sum -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return sum;
}
