/**
 * Runs the command on its arguments and ends the process with the right exit code.
 *
 * @module
 */
import { type Command, CommanderError } from "commander";
import { failureOf } from "#worker/cli/failure.ts";
import { createProgram } from "#worker/cli/program.ts";
import { createTerminal } from "#worker/cli/terminal.ts";
import { usage } from "#worker/cli/usage.ts";
import { sayFailure } from "#worker/cli/verb.ts";

/** @param args - Without the program's own name. */
export async function run(args: readonly string[]): Promise<void> {
  let exitCode = 0;
  const program = createProgram((code) => {
    exitCode = code;
  });
  const isJson = args.includes("--json");
  process.on("uncaughtException", (error) => {
    process.exit(sayFailure(createTerminal(isJson), failureOf(error)));
  });
  for (const command of withDescendants(program)) {
    command.exitOverride();
    // What is wrong is said once, below, with its code.
    command.configureOutput({ writeErr: () => undefined });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    exitCode = ended(error, askedOf(program, args), isJson);
  }
  await flushed();
  process.exit(exitCode);
}

function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

/** The verb that was named, for one that has verbs of its own; else the whole command. */
function askedOf(program: Command, [name]: readonly string[]): Command {
  return program.commands.find((each) => each.name() === name) ?? program;
}

function ended(error: unknown, asked: Command, isJson: boolean): number {
  const terminal = createTerminal(isJson);
  if (!(error instanceof CommanderError)) return sayFailure(terminal, failureOf(error));
  if (error.exitCode === 0) return 0; // help or version, already written
  const { code, message } = error;
  if (code === "commander.help") {
    // No verb at all: the help is the best answer, but nothing was done.
    if (!isJson) process.stderr.write(asked.helpInformation());
    return sayFailure(terminal, failureOf(usage("a verb is missing")));
  }
  const [problem = "", ...suggestion] = message.replace(/^error: /, "").split("\n");
  return sayFailure(terminal, failureOf(usage([problem, ...suggestion].join(" "))));
}

/** Waits until all that was written has left: a pipe's reader may be slow. */
async function flushed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write("", () => resolve()));
  }
}
