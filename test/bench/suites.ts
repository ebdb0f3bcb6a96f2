/**
 * The suites by name, loaded only when they run.
 *
 * @module
 */
import type { Row } from "#test/bench/row.ts";

export interface Suite {
  run(): Promise<Row[]>;
}

export const suites: ReadonlyMap<string, () => Promise<Suite>> = new Map([
  ["admission", () => import("#test/bench/suites/admission.ts")],
  ["authoring", () => import("#test/bench/suites/authoring.ts")],
  ["calibrate", () => import("#test/bench/suites/calibrate.ts")],
  ["vm", () => import("#test/bench/suites/vm.ts")],
  ["query", () => import("#test/bench/suites/query.ts")],
  ["commands", () => import("#test/bench/suites/commands.ts")],
  ["http", () => import("#test/bench/suites/http.ts")],
  ["isolation", () => import("#test/bench/suites/isolation.ts")],
  ["recovery", () => import("#test/bench/suites/recovery.ts")],
]);
