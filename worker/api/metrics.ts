/**
 * `GET /metrics`: counts, heights and latencies in Prometheus text format.
 *
 * Everything here is what the operator sees anyway; nothing is by contract, account or method.
 *
 * @module
 */

/** Seconds; the upper bounds of the latency histogram. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

class Histogram {
  readonly #counts = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  #sum = 0;

  observe(seconds: number): void {
    const found = BOUNDS.findIndex((bound) => seconds <= bound);
    const at = found < 0 ? BOUNDS.length : found;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += seconds;
  }

  lines(name: string, label: string): string[] {
    let total = 0;
    const buckets = this.#counts.map((count, at) => {
      total += count;
      const bound = BOUNDS[at] ?? "+Inf";
      return `${name}_bucket{${label},le="${bound}"} ${total}`;
    });
    return [
      ...buckets,
      `${name}_sum{${label}} ${this.#sum.toFixed(6)}`,
      `${name}_count{${label}} ${total}`,
    ];
  }
}

export type Gauges = Readonly<Record<string, number>>;

const LATENCY = "hermetic_request_seconds";
const ANSWERS = "hermetic_answers_total";

export class Metrics {
  readonly #latencies = new Map<string, Histogram>();
  readonly #statuses = new Map<string, number>();

  /** Counts one answer. @param path - One of the fixed API paths, never a client's text. */
  answered(path: string, status: number, seconds: number): void {
    const key = `path="${path}",status="${status}"`;
    this.#statuses.set(key, (this.#statuses.get(key) ?? 0) + 1);
    let histogram = this.#latencies.get(path);
    if (histogram === undefined) this.#latencies.set(path, (histogram = new Histogram()));
    histogram.observe(seconds);
  }

  text(gauges: Gauges): string {
    const lines = [`# TYPE ${ANSWERS} counter`];
    for (const [key, count] of this.#statuses) lines.push(`${ANSWERS}{${key}} ${count}`);
    lines.push(`# TYPE ${LATENCY} histogram`);
    for (const [path, histogram] of this.#latencies) {
      lines.push(...histogram.lines(LATENCY, `path="${path}"`));
    }
    for (const [name, value] of Object.entries(gauges)) {
      lines.push(`# TYPE hermetic_${name} gauge`, `hermetic_${name} ${value}`);
    }
    return `${lines.join("\n")}\n`;
  }
}
