/**
 * Runs every command of a script on our decoder and metered code.
 *
 * A module is skipped only if it needs a feature outside our set, and what is done with it is skipped with
 * it; every other refusal, and every difference in a result or a trap, is a failure. Whatever a file
 * holds, the run goes on with the next.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { Fault } from "#protocol/fault.ts";
import { Modules } from "#test/conformance/modules.ts";
import { openModule } from "#test/conformance/open-module.ts";
import { readScript, type Action, type Command, type Value } from "#test/conformance/script.ts";
import { Tally } from "#test/conformance/tally.ts";
import { callBits, globalBits, matches } from "#test/conformance/values.ts";
import { isTrap, Skip, Wrong } from "#test/conformance/verdict.ts";

/** Runs one script. */
export function runScript(path: string): Tally {
  const tally = new Tally();
  const run = new ScriptRun(dirname(path));
  let commands: readonly Command[] | undefined;
  try {
    commands = readScript(path);
  } catch (error) {
    tally.failures.push(`${basename(path)}: ${String(error)}`);
    return tally;
  }
  if (commands === undefined) tally.skip("the file is JSON, but no script");
  for (const command of commands ?? []) {
    try {
      run.command(command);
      tally.passed++;
    } catch (error) {
      if (error instanceof Skip) tally.skip(error.message);
      else
        tally.failures.push(`${basename(path)}:${command.line} ${command.type}: ${String(error)}`);
    }
  }
  return tally;
}

class ScriptRun {
  readonly #modules: Modules;

  constructor(folder: string) {
    this.#modules = new Modules(folder);
  }

  command(command: Command): void {
    const { type, text = "", expected = [] } = command;
    switch (type) {
      case "module":
        return this.#modules.instantiate(command);
      case "module_definition":
        return this.#modules.define(command);
      case "module_instance":
        return this.#modules.instantiateDefined(command);
      case "register":
        return this.#modules.register(command);
      case "action":
        this.#act(command.action);
        return;
      case "assert_return":
        return this.#returns(command.action, expected);
      case "assert_return_canonical_nan":
        return this.#returns(command.action, ofClass(expected, "nan:canonical"));
      case "assert_return_arithmetic_nan":
        return this.#returns(command.action, ofClass(expected, "nan:arithmetic"));
      case "assert_trap":
        return this.#traps(text, () =>
          command.action === undefined ? this.#instantiate(command) : this.#act(command.action),
        );
      case "assert_uninstantiable":
        return this.#traps(text, () => this.#instantiate(command));
      case "assert_exhaustion":
        return this.#exhausts(command);
      case "assert_unlinkable":
        return this.#unlinkable(command);
      case "assert_invalid":
      case "assert_malformed":
        return this.#refused(command);
      default:
        throw new Skip(`the command ${type} is unknown`);
    }
  }

  /** Instantiates a module that is not to be kept. */
  #instantiate(command: Command): void {
    this.#modules.instances.instantiate(this.#modules.open(command));
  }

  /** Calls a function, or reads a global as the type `wanted`; gives bits. */
  #act(action: Action | undefined, wanted: string = "i32"): bigint[] {
    if (action === undefined) throw new Wrong("no action");
    const instance = this.#modules.instance(action.module);
    const item = instance.exports[action.field];
    if (item === undefined) throw new Wrong(`no export ${action.field}`);
    if (item instanceof WebAssembly.Global) return [globalBits(wanted, item.value)];
    const type = instance.typeOf(action.field);
    if (type === undefined) throw new Wrong(`no function ${action.field}`);
    this.#modules.instances.refill();
    return callBits(item, type, action.args ?? []);
  }

  #returns(action: Action | undefined, expected: readonly Value[]): void {
    const bits = this.#act(action, expected[0]?.type);
    const right = expected.every((value, index) => matches(value, bits[index]));
    if (!right || bits.length !== expected.length) {
      throw new Wrong(`${action?.field} gave ${bits.join()}, not ${JSON.stringify(expected)}`);
    }
  }

  #traps(text: string, run: () => unknown): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      const limits = this.#modules.instances.all.flatMap(({ limit }) => limit ?? []);
      if (limits.length > 0) throw new Wrong(`met its ${limits.join()} limit`, { cause: error });
      if (isTrap(text, error.message)) return;
      throw new Wrong(`"${error.message}" is not "${text}"`, { cause: error });
    }
    throw new Wrong(`no trap "${text}"`);
  }

  #exhausts({ action }: Command): void {
    try {
      this.#act(action);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      if (this.#modules.instances.all.some(({ limit }) => limit === "stack")) return;
      throw new Wrong(`"${error.message}" is not our stack limit`, { cause: error });
    }
    throw new Wrong("no exhaustion");
  }

  #unlinkable(command: Command): void {
    const module = this.#modules.open(command);
    try {
      this.#modules.instances.instantiate(module);
    } catch (error) {
      if (error instanceof WebAssembly.LinkError || error instanceof TypeError) return;
      throw error;
    }
    throw new Wrong("was linked");
  }

  #refused(command: Command): void {
    const bytes = this.#modules.bytes(command);
    try {
      openModule(bytes);
    } catch (error) {
      if (error instanceof Fault) return;
      throw error;
    }
    throw new Wrong(`was accepted: ${command.text}`);
  }
}

function ofClass(expected: readonly Value[], value: string): Value[] {
  return expected.map(({ type }) => ({ type, value }));
}
