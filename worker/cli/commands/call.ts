/**
 * `hermetic call` and `hermetic query`: one method of a deployed contract.
 *
 * @module
 */
import type { AbiMethod } from "#protocol/abi.ts";
import { toJson, type Abi } from "#sdk/client/index.ts";
import { readArguments } from "#worker/cli/arguments.ts";
import { eventsToJson } from "#worker/cli/events.ts";
import { failureOf } from "#worker/cli/failure.ts";
import { readAbi } from "#worker/cli/files.ts";
import { interfaceLines } from "#worker/cli/interface-text.ts";
import type { AccountFlags } from "#worker/cli/network-flags.ts";
import { openAccount } from "#worker/cli/network.ts";
import { openRecorder, recordedLines, type RecordFlags } from "#worker/cli/commands/record.ts";
import { shown, shownLines, type Terminal } from "#worker/cli/terminal.ts";
import { count, required, usage } from "#worker/cli/usage.ts";
import { sayFailure } from "#worker/cli/verb.ts";

export interface CallFlags extends AccountFlags, RecordFlags {
  readonly abi?: string;
  readonly args?: string;
  readonly gasLimit?: string;
  readonly atLeast?: string;
  readonly estimate?: boolean;
}

type Kind = Extract<AbiMethod["kind"], "command" | "query">;

/** Calls a method, or lists what can be called when none is named. */
export async function callMethod(
  terminal: Terminal,
  kind: Kind,
  flags: CallFlags,
  address: string,
  name: string | undefined,
  pairs: readonly string[],
): Promise<number> {
  const abi = readAbi(required(flags.abi, "--abi FILE"));
  if (name === undefined) {
    terminal.result({ contract: abi.contract, methods: abi.methods }, interfaceLines(abi, kind));
    return 0;
  }
  const method = findMethod(abi, kind, name);
  const args = readArguments(abi, method, flags.args, pairs);
  const gasLimit = count(flags.gasLimit, "--gas-limit");
  const atLeast = count(flags.atLeast, "--at-least");
  const options = {
    ...(gasLimit === undefined ? {} : { gasLimit }),
    ...(atLeast === undefined ? {} : { atLeast }),
  };
  try {
    const recorder = await openRecorder(flags);
    const account = recorder?.account ?? (await openAccount(flags));
    const contract = account.contract(abi, address);
    if (flags.estimate === true) {
      const told = await terminal.progress(name, contract.tryOut(name, args, options));
      const { outcome, gasUsed, height } = told;
      terminal.result(told, [
        outcome === "returned" ? "it would succeed" : `it would end with ${outcome}`,
        terminal.style("dim", `height ${height}, gas at most about ${gasUsed}`),
      ]);
      return 0;
    }
    const work =
      kind === "command" ? contract.run(name, args, options) : contract.read(name, args, options);
    const recorded = recorder?.record(work) ?? work.then((result) => ({ result }));
    const { result, ...taken } = await terminal.progress(name, recorded);
    const { value, height, gasUsed, events, logs } = result;
    for (const { level, text } of logs) terminal.note(`${level.padEnd(5)} ${shown(text)}`);
    const json = toJson(abi, method.output, value);
    const happened = eventsToJson(abi, events);
    terminal.result({ value: json, height, gasUsed, events: happened, ...taken }, [
      shownLines(JSON.stringify(json, undefined, 2)),
      ...happened.map((event) => `event ${shown(event.name)} ${shown(JSON.stringify(event.args))}`),
      terminal.style("dim", `height ${height}, gas ${gasUsed}`),
      ...("recorded" in taken ? recordedLines(taken.recorded) : []),
    ]);
    return 0;
  } catch (error) {
    return sayFailure(terminal, failureOf(error, abi));
  }
}

function findMethod(abi: Abi, kind: Kind, name: string): AbiMethod {
  const method = abi.methods.find((each) => each.name === name);
  if (method?.kind === kind) return method;
  const { contract } = abi;
  if (method !== undefined) {
    const verbs = {
      command: "call",
      query: "query",
      init: "deploy",
      migrate: "upgrade",
      scheduled: "inspect",
    } as const;
    throw usage(`${name} of ${contract} is a ${method.kind}: use hermetic ${verbs[method.kind]}`);
  }
  const names = abi.methods.filter((each) => each.kind === kind).map((each) => each.name);
  throw usage(`${contract} has no ${kind} ${name}; it has ${names.join(", ") || "none"}`);
}
