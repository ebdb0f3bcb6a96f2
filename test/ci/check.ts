/**
 * `npm run check`: every static check, one after the other, and the names of those that failed.
 *
 * A failing check does not hide the next one.
 *
 * @module
 */
import { spawnSync } from "node:child_process";

const checks = ["format:check", "types", "lint", "unused", "tidy"];

const failed = checks.filter((script) => {
  console.log(`\n— npm run ${script}`);
  const { status } = spawnSync("npm", ["--silent", "run", script], { stdio: "inherit" });
  return status !== 0;
});

if (failed.length > 0) {
  console.log(`\nFailed: ${failed.map((script) => `npm run ${script}`).join(", ")}`);
  process.exitCode = 1;
} else {
  console.log(`\nAll checks passed: ${checks.join(", ")}`);
}
