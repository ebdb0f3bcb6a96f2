#!/usr/bin/env node
/**
 * The `hermetic` command. Makes sure that a Node runs it which can, then hands over.
 *
 * A project brings its own Node as a package, but a shell may start this file with an older one: then
 * it starts itself again. It imports nothing that an old Node cannot load.
 *
 * @module
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startAgain } from "#worker/cli/start-again.ts";
import { majorOf, NODE_MAJOR_MIN, packagedNode } from "#worker/enclave/node-binary.ts";

const EXIT_OTHER = 5;
/** What an older Node can do as well: above all, make the project that brings its own. */
const SIMPLE_VERBS = ["new", "explain", "help", "--help", "-h", "--version", "-V"];
const SIMPLE_MAJOR_MIN = 20;

async function main(): Promise<void> {
  const major = majorOf(process.version);
  const args = process.argv.slice(2);
  if (major < NODE_MAJOR_MIN) {
    const here = pathToFileURL(join(process.cwd(), "package.json")).href;
    const node = packagedNode() ?? packagedNode(here);
    if (node !== undefined) return startAgain(node, refuse);
    if (major < SIMPLE_MAJOR_MIN || !SIMPLE_VERBS.includes(args[0] ?? "help")) return refuse();
  }
  const { run } = await import("#worker/cli/run.ts");
  await run(args);
}

/** Without the tables of words, which an old Node may not load. */
function refuse(): void {
  const message = `Node ${process.version} is too old: hermetic needs Node ${NODE_MAJOR_MIN} or newer.`;
  if (process.argv.includes("--json")) {
    const error = { name: "NODE_TOO_OLD", args: {}, code: "HRM4009", message };
    process.stdout.write(`${JSON.stringify({ error })}\n`);
  }
  process.stderr.write(
    `error HRM4009: ${message}\n  Install the npm package node@${NODE_MAJOR_MIN} in your project.\n`,
  );
  process.exitCode = EXIT_OTHER;
}

await main();
