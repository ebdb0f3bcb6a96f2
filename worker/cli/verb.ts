/**
 * Running one verb: its result or its failure, in the form that was asked for, and its exit code.
 *
 * @module
 */
import type { Command } from "commander";
import { type Failure, failureOf } from "#worker/cli/failure.ts";
import { createTerminal, type Terminal } from "#worker/cli/terminal.ts";

/** Does a verb's work. @returns An exit code, if it is not 0. */
export type Action<Options> = (
  terminal: Terminal,
  options: Options,
  ...operands: string[]
) => Promise<number | void>;

/**
 * Gives a command its `--json` flag and its action.
 *
 * @param load - Brings the action in when it is needed: most verbs need large parts that others do not.
 */
export function verb<Options extends object>(
  command: Command,
  finish: (exitCode: number) => void,
  load: () => Promise<Action<Options>>,
): void {
  command.option("--json", "print the result as one line of JSON");
  command.action(async (...all: unknown[]) => {
    // Commander passes the operands, then the options, then the command itself.
    const options = command.opts<Options & { json?: boolean }>();
    const operands = all
      .slice(0, -2)
      .flat()
      .filter((each) => each !== undefined) as string[];
    const terminal = createTerminal(options.json === true);
    try {
      const action = await load();
      finish((await action(terminal, options, ...operands)) ?? 0);
    } catch (error) {
      finish(sayFailure(terminal, failureOf(error)));
    }
  });
}

/** Says what went wrong. @returns The exit code. */
export function sayFailure(terminal: Terminal, failure: Failure): number {
  const { exitCode, code, name, args, message, advice } = failure;
  if (terminal.isJson) terminal.result({ error: { name, args, code, message } }, []);
  else {
    terminal.note(`${terminal.style(["bold", "red"], `error ${code}:`)} ${message}`);
    for (const line of advice) terminal.note(`  ${line}`);
    terminal.note(terminal.style("dim", `  hermetic explain ${code}`));
  }
  return exitCode;
}
