/**
 * A tree of calls as lines for people.
 *
 * Level 2 shows the calls; level 3 arguments, results, events, logs and gas; level 4 what they asked of the
 * host. Nothing is hidden: the tester holds every key of the world.
 *
 * @module
 */
import type { Abi, AbiField } from "#protocol/abi.ts";
import { unpack } from "#protocol/codec.ts";
import { toHex } from "#protocol/bytes.ts";
import { faults, readableCode } from "#protocol/faults.ts";
import type { CallEnd } from "#host/functions/outcome.ts";
import { decodeFields, decodeResult } from "#sdk/client/abi/decode.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import { logLine } from "#sdk/client/call/report.ts";
import type { CallNode, HostStep } from "#sdk/testing/insight/call-tree.ts";
import { nameOf, shownFields, shownKey, shownValue } from "#sdk/testing/insight/names.ts";
import { grouped } from "#sdk/testing/insight/table.ts";

export interface TraceOptions {
  /** 2, 3 or 4. */
  readonly level: number;
  /** The interface of a contract that is known. */
  readonly abiOf: (address: Account) => Abi | undefined;
}

const CALLS = 2;
const HOST = 4;

/** The lines of a chain of calls. */
export function traceLines(root: CallNode, options: TraceOptions): string[] {
  const caller = nameOf(toHex(root.caller), (address) => options.abiOf(address)?.contract);
  const [first = "", ...rest] = new TraceText(options).call(root);
  return [`${caller} → ${first}`, ...rest];
}

class TraceText {
  readonly #options: TraceOptions;

  constructor(options: TraceOptions) {
    this.#options = options;
  }

  call(node: CallNode): string[] {
    const { level } = this.#options;
    const { mode, method, outcome } = node;
    const name = `${nameOf(toHex(node.contract), this.#contractName)}.${method}`;
    const kind = mode === "command" ? "" : ` [${mode}]`;
    if (level <= CALLS) {
      const failure = outcome.end.kind === "returned" ? "" : `  ✗ ${this.#failure(node)}`;
      return [
        `${name}${kind}${failure}`,
        ...indented(node.calls.flatMap((each) => this.call(each))),
      ];
    }
    const head = `${name}(${this.#arguments(node)})${kind}  ${grouped(outcome.gasUsed)} gas`;
    const steps = level >= HOST ? node.steps : node.calls;
    const inner = steps.flatMap((step) => ("key" in step ? [this.#step(step)] : this.call(step)));
    return [head, ...indented([...inner, ...this.#left(node), this.#end(node)])];
  }

  readonly #contractName = (address: Account): string | undefined =>
    this.#options.abiOf(address)?.contract;

  #abi(node: CallNode): Abi | undefined {
    return this.#options.abiOf(toHex(node.contract));
  }

  #arguments(node: CallNode): string {
    const inputs = this.#abi(node)?.methods.find(({ name }) => name === node.method)?.inputs;
    return this.#fields(node, inputs, node.args, node.method);
  }

  /** Fields by name, or in order where nobody knows their names. */
  #fields(
    node: CallNode,
    fields: readonly AbiField[] | undefined,
    bytes: Uint8Array,
    path: string,
  ): string {
    const abi = this.#abi(node);
    try {
      if (abi !== undefined && fields !== undefined) {
        return shownFields(decodeFields(abi, fields, bytes, path), this.#contractName);
      }
      const values = unpack(bytes);
      if (Array.isArray(values)) {
        return values.map((value) => shownValue(value, this.#contractName)).join(", ");
      }
    } catch {
      // What a contract sends to another need not fit any interface.
    }
    return shownValue(bytes, this.#contractName);
  }

  /** Events and logs of the call itself. */
  #left(node: CallNode): string[] {
    const { events, logs } = node.outcome;
    const own = events.filter(({ contract }) => contract === undefined);
    const types = this.#abi(node)?.events;
    return [
      ...own.map(({ name, fields }) => {
        const type = types?.find((event) => event.name === name);
        return `emits ${name}(${this.#fields(node, type?.fields, fields, name)})`;
      }),
      ...logs.map(logLine).map(({ level, text }) => `logs ${level}: ${text}`),
    ];
  }

  #end(node: CallNode): string {
    const { end } = node.outcome;
    if (end.kind !== "returned") return `✗ ${this.#failure(node)}`;
    const output = this.#abi(node)?.methods.find(({ name }) => name === node.method)?.output;
    const abi = this.#abi(node);
    if (output === null || end.value.length === 0) return "←";
    try {
      if (abi !== undefined && output !== undefined) {
        return `← ${shownValue(decodeResult(abi, output, end.value), this.#contractName)}`;
      }
      return `← ${shownValue(unpack(end.value), this.#contractName)}`;
    } catch {
      return `← ${shownValue(end.value, this.#contractName)}`;
    }
  }

  #failure(node: CallNode): string {
    const { end } = node.outcome;
    if (end.kind === "fault") return faultText(end);
    if (end.kind === "returned") return "";
    const type = this.#abi(node)?.errors.find(({ name }) => name === end.name);
    return `${end.name}(${this.#fields(node, type?.fields, end.fields, end.name)})`;
  }

  #step({ key, gas, about, bytes }: HostStep): string {
    const subject = about === undefined ? "" : ` ${shownKey(about, this.#contractName)}`;
    const value = bytes === undefined ? "" : bytes === null ? " (none)" : ` (${bytes} bytes)`;
    return `${key}${subject}${value}  ${grouped(gas)} gas`;
  }
}

function faultText({ fault, panic }: Extract<CallEnd, { readonly kind: "fault" }>): string {
  const code = `${fault.code} ${readableCode(faults[fault.code].number)}`;
  return panic === undefined ? code : `${code}: ${panic.text}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
