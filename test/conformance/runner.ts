/**
 * Runs every command of a script on our decoder and metered code.
 *
 * A module is skipped only if it needs a feature outside our set, and what follows it with it; every
 * other refusal, and every difference in a result or a trap, is a failure.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Fault } from "#protocol/fault.ts";
import { Instances, SpecInstance } from "#test/conformance/instances.ts";
import { openModule, type OpenModule } from "#test/conformance/open-module.ts";
import { readScript, type Action, type Command } from "#test/conformance/script.ts";
import { Tally } from "#test/conformance/tally.ts";
import { callBits, globalBits, matches } from "#test/conformance/values.ts";

/** Thrown to leave a command that our feature set does not cover. */
class Skip extends Error {}
/** Thrown where the outcome is not the one the script asks for. */
class Wrong extends Error {}

/** The engine's words for each trap the suite names. */
const TRAPS: readonly (readonly [text: string, engine: RegExp])[] = [
  ["integer divide by zero", /divide by zero|remainder by zero/],
  ["integer overflow", /unrepresentable/],
  ["invalid conversion to integer", /unrepresentable/],
  ["out of bounds memory access", /memory access out of bounds|data segment/],
  [
    "out of bounds table access",
    /table index is out of bounds|table initializer|element segment|out of bounds/,
  ],
  ["undefined element", /table index is out of bounds/],
  ["uninitialized element", /null function|signature mismatch|is null/],
  ["indirect call type mismatch", /signature mismatch/],
  ["unreachable", /unreachable/],
];

/** Runs one script. */
export function runScript(path: string): Tally {
  const tally = new Tally();
  const run = new ScriptRun(dirname(path));
  for (const command of readScript(path).commands) {
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
  readonly #folder: string;
  readonly #instances = new Instances();
  readonly #named = new Map<string, SpecInstance | Skip>();
  readonly #registered = new Map<string, Skip>();
  #current: SpecInstance | Skip = new Skip("no module");

  constructor(folder: string) {
    this.#folder = folder;
  }

  command(command: Command): void {
    const { type, text = "" } = command;
    switch (type) {
      case "module":
        return this.#module(command);
      case "register":
        return this.#register(command);
      case "action":
        this.#act(command.action);
        return;
      case "assert_return":
        return this.#returns(command);
      case "assert_trap":
        return this.#traps(text, () =>
          command.action === undefined
            ? this.#instances.instantiate(this.#open(command))
            : this.#act(command.action),
        );
      case "assert_exhaustion":
        return this.#exhausts(command);
      case "assert_uninstantiable":
        return this.#traps(text, () => this.#instances.instantiate(this.#open(command)));
      case "assert_unlinkable":
        return this.#unlinkable(command);
      case "assert_invalid":
      case "assert_malformed":
        return this.#refused(command);
      default:
        throw new Skip(`command ${type}`);
    }
  }

  #bytes(command: Command): Uint8Array<ArrayBuffer> {
    if (command.module_type === "text")
      throw new Skip("the module is text, which is a matter of assemblers");
    return Uint8Array.from(readFileSync(join(this.#folder, command.filename ?? "")));
  }

  /** Decodes, validates and meters a module that the suite calls valid. */
  #open(command: Command): OpenModule {
    const bytes = this.#bytes(command);
    try {
      const module = openModule(bytes);
      for (const { module: from } of WebAssembly.Module.imports(module.metered)) {
        const missing = this.#registered.get(from);
        if (missing !== undefined) throw new Skip(missing.message);
      }
      return module;
    } catch (error) {
      throw error instanceof Fault ? (unsupported(error) ?? describe(error)) : error;
    }
  }

  #module(command: Command): void {
    try {
      this.#current = this.#instances.instantiate(this.#open(command));
    } catch (error) {
      this.#current = error instanceof Skip ? error : new Skip("its module failed");
      throw error;
    } finally {
      if (command.name !== undefined) this.#named.set(command.name, this.#current);
    }
  }

  #register({ name, as = "" }: Command): void {
    const instance = name === undefined ? this.#current : this.#named.get(name);
    if (instance instanceof SpecInstance) return this.#instances.register(as, instance);
    if (instance === undefined) throw new Wrong("no such module");
    this.#registered.set(as, instance);
    throw instance;
  }

  #instance(action: Action): SpecInstance {
    const instance = action.module === undefined ? this.#current : this.#named.get(action.module);
    if (instance instanceof SpecInstance) return instance;
    throw instance ?? new Wrong("no such module");
  }

  #act(action: Action | undefined): bigint[] {
    if (action === undefined) throw new Wrong("no action");
    const instance = this.#instance(action);
    const item = instance.exports[action.field];
    if (item === undefined) throw new Wrong(`no export ${action.field}`);
    if (action.type === "get") throw new Wrong("a global is read by assert_return alone");
    const type = instance.typeOf(action.field);
    if (type === undefined) throw new Wrong(`no function ${action.field}`);
    this.#instances.refill();
    return callBits(item, type, action.args ?? []);
  }

  #returns({ action, expected = [] }: Command): void {
    const bits =
      action?.type === "get"
        ? expected.map(({ type }) => {
            const global = this.#instance(action).exports[action.field] as WebAssembly.Global;
            return globalBits(type, global.value);
          })
        : this.#act(action);
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
      const limits = this.#instances.all.flatMap(({ limit }) => limit ?? []);
      if (limits.length > 0) throw new Wrong(`met its ${limits.join()} limit`, { cause: error });
      const expected = TRAPS.find(([words]) => text.startsWith(words));
      if (expected?.[1].test(error.message) === true) return;
      throw new Wrong(`"${error.message}" is not "${text}"`, { cause: error });
    }
    throw new Wrong(`no trap "${text}"`);
  }

  #exhausts({ action }: Command): void {
    try {
      this.#act(action);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      if (this.#instances.all.some(({ limit }) => limit === "stack")) return;
      throw new Wrong(`"${error.message}" is not our stack limit`, { cause: error });
    }
    throw new Wrong("no exhaustion");
  }

  #unlinkable(command: Command): void {
    const module = this.#open(command);
    try {
      this.#instances.instantiate(module);
    } catch (error) {
      if (error instanceof WebAssembly.LinkError || error instanceof TypeError) return;
      throw error;
    }
    throw new Wrong("was linked");
  }

  #refused(command: Command): void {
    const bytes = this.#bytes(command);
    try {
      openModule(bytes);
    } catch (error) {
      if (error instanceof Fault) return;
      throw error;
    }
    throw new Wrong(`was accepted: ${command.text}`);
  }
}

const REFERENCES = "reference types and table instructions are outside our feature set";

/** The reason to skip a module refused for a feature that we do not offer; undefined for all else. */
function unsupported({ code, facts }: Fault): Skip | undefined {
  const value = facts["value"];
  const hex = (value ?? 0).toString(16);
  if (code === "MODULE_OPCODE") return new Skip(`opcode 0x${hex} is outside our feature set`);
  if (code === "MODULE_LIMIT") {
    return new Skip(`over a cap: ${facts["value"] ?? "metered size"} > ${facts["limit"]}`);
  }
  if (code === "MODULE_TABLE") {
    return new Skip(facts["limit"] === 10_000 ? "a table is over our cap" : REFERENCES);
  }
  if (code === "MODULE_MALFORMED" && (value === 0x6f || value === 0x70))
    return new Skip(REFERENCES);
  return undefined;
}

function describe({ code, facts }: Fault): Wrong {
  return new Wrong(`refused: ${code} ${JSON.stringify(facts)}`);
}
