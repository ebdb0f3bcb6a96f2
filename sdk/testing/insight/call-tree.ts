/**
 * A chain of calls as a tree: what each call was given, what it asked of the host, and how it ended.
 *
 * @module
 */
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { BegunCall, CallInside, CallWatch, ChainWatch } from "#host/functions/watch.ts";
import type { HostImport } from "#host/vm/instance.ts";
import type { WorldImportKey } from "#host/vm/world.ts";
import { COUNTERS_ADDRESS } from "#sdk/transform/probes/probe-map.ts";
import { PROBE_POINTER, probeGas } from "#sdk/testing/insight/profile/instrument.ts";
import type { ProfileStep } from "#sdk/testing/insight/profile/stacks.ts";
import { regionOf, writtenTo } from "#sdk/testing/insight/host-arguments.ts";

/** One use of a host function. */
export interface HostStep {
  readonly key: WorldImportKey;
  /** What it cost, with all that it led to. */
  gas: number;
  /** The key of the state, or the text, that it was about. */
  readonly about: Uint8Array | undefined;
  /** Bytes of the value that it read or wrote; null if there was none. */
  bytes: number | null | undefined;
}

/** A call that has ended. */
export interface CallNode extends BegunCall {
  readonly calls: readonly CallNode[];
  /** In order, calls of other contracts among them; host functions only if they were asked for. */
  readonly steps: readonly (HostStep | CallNode)[];
  readonly outcome: CallOutcome;
  /** What probes have seen. */
  readonly profile: readonly ProfileStep<CallNode>[];
  /** Gas it had used when it ended; a trap takes more. */
  readonly used: number;
  /** Counters of a coverage build, and what lies behind them. */
  readonly counters: readonly number[];
}

interface OpenNode extends BegunCall {
  readonly calls: CallNode[];
  readonly steps: (HostStep | CallNode)[];
  readonly profile: ProfileStep<CallNode>[];
  used: number;
  outcome: CallOutcome | undefined;
  counters: readonly number[];
}

export interface TreeOptions {
  /** Whether uses of host functions are kept. */
  readonly keepsSteps: boolean;
  /** Whether code has probes, and what they see is kept. */
  readonly keepsProfile: boolean;
  /** How many counters are copied out of the memory of each call. */
  readonly counters: number;
  /** Is given the chain's first call. */
  readonly ended: (root: CallNode) => void;
}

export class CallTree implements ChainWatch {
  readonly #options: TreeOptions;
  /** Calls that have begun and not ended, outermost first. */
  readonly #open: OpenNode[] = [];
  #root: CallNode | undefined;

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  begin(call: BegunCall, inside: CallInside): CallWatch {
    const node: OpenNode = {
      ...call,
      calls: [],
      steps: [],
      profile: [],
      used: 0,
      outcome: undefined,
      counters: [],
    };
    this.#open.push(node);
    return {
      link: (key, linked) => {
        const own = this.#options.keepsSteps ? noting(node, key, linked, inside) : linked;
        return this.#options.keepsProfile ? probed(node, key, own, inside) : own;
      },
      ended: (outcome) => {
        node.used = this.#options.keepsProfile ? usedBy(node, inside) : 0;
        node.counters = countersIn(inside, this.#options.counters);
        this.#close(node, outcome);
      },
    };
  }

  #close(node: OpenNode, outcome: CallOutcome): void {
    node.outcome = outcome;
    this.#open.pop();
    const closed = node as CallNode; // its outcome is there now
    const above = this.#open.at(-1);
    above?.calls.push(closed);
    above?.steps.push(closed);
    above?.profile.push({ call: closed });
    if (above === undefined) this.#root = closed;
  }

  ended(): void {
    if (this.#root !== undefined) this.#options.ended(this.#root);
  }
}

function usedBy({ gasLimit }: BegunCall, inside: CallInside): number {
  try {
    return gasLimit - Math.max(0, inside.gas.left);
  } catch {
    return 0; // a call that was refused before it had any gas
  }
}

/** The host function; a probe comes no further, and gets back what it has paid. */
function probed(
  node: OpenNode,
  key: WorldImportKey,
  linked: HostImport,
  inside: CallInside,
): HostImport {
  const gas = probeGas(key);
  const run = linked as (...args: unknown[]) => unknown;
  return (...args: unknown[]): unknown => {
    const [pointer, mark] = args;
    if (pointer !== PROBE_POINTER || typeof mark !== "number") return run(...args);
    inside.gas.charge(-gas);
    const used = node.gasLimit - inside.gas.left;
    node.profile.push({ id: mark >> 1, isEnd: (mark & 1) === 1, used });
    return undefined;
  };
}

/** The counters that a coverage build keeps at the beginning of memory. */
function countersIn(inside: CallInside, count: number): number[] {
  if (count === 0) return [];
  try {
    const { memory } = inside;
    memory.region(COUNTERS_ADDRESS, 4 * count, 4);
    return Array.from({ length: count }, (_, index) => memory.u32(COUNTERS_ADDRESS + 4 * index));
  } catch {
    return []; // a call that was refused before it had any memory
  }
}

/** The host function, and a note of each use of it. */
function noting(
  node: OpenNode,
  key: WorldImportKey,
  linked: HostImport,
  inside: CallInside,
): HostImport {
  const run = linked as (...args: unknown[]) => unknown;
  return (...args: unknown[]): unknown => {
    const { gas, memory } = inside;
    const before = gas.left;
    const calls = node.calls.length;
    const about = regionOf(key, args, memory);
    const step: HostStep = { key, gas: 0, about, bytes: undefined };
    node.steps.push(step);
    const note = (): void => {
      step.gas = before - gas.left;
      step.bytes = writtenTo(key, args, memory);
      // The call itself stands there, and tells more.
      if (node.calls.length > calls) node.steps.splice(node.steps.indexOf(step), 1);
    };
    try {
      const result = run(...args);
      if (result instanceof Promise) return result.finally(note);
      note();
      return result;
    } catch (error) {
      note();
      throw error;
    }
  };
}

/** All calls that a call has led to, in the order in which they ended. */
export function callsBelow({ calls }: CallNode): CallNode[] {
  return calls.flatMap((call) => [...callsBelow(call), call]);
}
