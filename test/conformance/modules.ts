/**
 * The modules of one script by name: instances of ours, and those that our feature set does not cover.
 *
 * A module outside the feature set is skipped, but others may import from it. So that these are still
 * tested, it stands beside them as the engine runs it, without our decoder and meter.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "#protocol/fault.ts";
import { beyondOurs } from "#test/conformance/features.ts";
import { Instances, SpecInstance } from "#test/conformance/instances.ts";
import { openModule, type OpenModule } from "#test/conformance/open-module.ts";
import type { Command } from "#test/conformance/script.ts";
import { Skip, Wrong } from "#test/conformance/verdict.ts";

/** What a name stands for: an instance, or the reason why there is none of ours. */
type Entry = SpecInstance | Skip;

export class Modules {
  readonly instances: Instances = new Instances();
  readonly #folder: string;
  readonly #named = new Map<string, Entry>();
  readonly #definitions = new Map<string, Command>();
  readonly #outsiders = new Map<Skip, WebAssembly.Exports>();
  /** Names registered for modules that exist nowhere, with the reason. */
  readonly #absent = new Map<string, Skip>();
  #current: Entry = new Skip("no module");
  #definition: Command | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The binary of a command's module. */
  bytes(command: Command): Uint8Array<ArrayBuffer> {
    const { binary_filename: binary, filename } = command;
    if (binary === undefined && command.module_type === "text")
      throw new Skip("the module is text, which is a matter of assemblers");
    const file = binary ?? filename;
    if (file === undefined) throw new Wrong("no file is named");
    return Uint8Array.from(readFileSync(join(this.#folder, file)));
  }

  /** Decodes, validates and meters a module that the script calls valid, and whose imports exist. */
  open(command: Command): OpenModule {
    const bytes = this.bytes(command);
    let module: OpenModule;
    try {
      module = openModule(bytes);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const feature = beyondOurs(bytes);
      if (feature !== undefined) throw new Skip(`outside our feature set: ${feature}`);
      throw new Wrong(`refused: ${error.code} ${JSON.stringify(error.facts)}`, { cause: error });
    }
    for (const { module: from } of WebAssembly.Module.imports(module.metered)) {
      const reason = this.#absent.get(from);
      if (reason !== undefined) throw new Skip(reason.message);
    }
    return module;
  }

  define(command: Command): void {
    this.#definition = command;
    if (command.name !== undefined) this.#definitions.set(command.name, command);
  }

  /** Instantiates what was defined before. */
  instantiateDefined({ module, instance }: Command): void {
    const definition = module === undefined ? this.#definition : this.#definitions.get(module);
    if (definition === undefined) throw new Wrong("no such definition");
    const { name: _, ...command } = definition;
    this.instantiate(instance === undefined ? command : { ...command, name: instance });
  }

  instantiate(command: Command): void {
    let entry: Entry = new Skip("its module failed");
    try {
      const module = this.open(command);
      const missing = this.instances.missing(module);
      if (missing !== undefined) throw new Skip(`an import that we do not offer: ${missing}`);
      entry = this.instances.instantiate(module);
    } catch (error) {
      if (error instanceof Skip) this.#standBeside((entry = error), command);
      throw error;
    } finally {
      this.#current = entry;
      if (command.name !== undefined) this.#named.set(command.name, entry);
    }
  }

  /** Lets the engine alone run a module that was skipped, if it can. */
  #standBeside(reason: Skip, command: Command): void {
    try {
      const module = new WebAssembly.Module(this.bytes(command));
      this.#outsiders.set(reason, this.instances.outsider(module));
    } catch {
      // Then nothing stands there, and what imports from it is skipped for the same reason.
    }
  }

  register({ name, as = "" }: Command): void {
    const entry = this.#entry(name);
    if (entry instanceof SpecInstance) return this.instances.register(as, entry.exports);
    const exports = this.#outsiders.get(entry);
    if (exports === undefined) this.#absent.set(as, entry);
    else this.instances.register(as, exports);
    throw entry;
  }

  /** The instance of ours that an action is for. */
  instance(name: string | undefined): SpecInstance {
    const entry = this.#entry(name);
    if (entry instanceof SpecInstance) return entry;
    throw entry;
  }

  #entry(name: string | undefined): Entry {
    const entry = name === undefined ? this.#current : this.#named.get(name);
    if (entry === undefined) throw new Wrong(`no module ${name}`);
    return entry;
  }
}
