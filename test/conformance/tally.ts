/**
 * What a run of scripts came to: passed, failed with a line each, skipped by reason.
 *
 * @module
 */
export class Tally {
  passed = 0;
  readonly failures: string[] = [];
  readonly skipped = new Map<string, number>();

  skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  add(other: Tally): void {
    this.passed += other.passed;
    this.failures.push(...other.failures);
    for (const [reason, count] of other.skipped) {
      this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + count);
    }
  }

  /** The report, its last line `N passed, N failed`. */
  lines(): string[] {
    const reasons = [...this.skipped].toSorted(([, a], [, b]) => b - a);
    return [
      ...this.failures.map((failure) => `failed: ${failure}`),
      ...reasons.map(([reason, count]) => `skipped ${count}: ${reason}`),
      `${this.passed} passed, ${this.failures.length} failed`,
    ];
  }
}
