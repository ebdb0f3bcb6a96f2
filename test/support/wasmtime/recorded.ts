/**
 * A call in our host with everything written down that the host did to the contract: what another engine needs
 * to run the same call with no host at all.
 *
 * @module
 */
import { runCall, type CallOutcome, type CallRequest } from "#host/functions/call.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";
import { hostFunctionKeys, hostFunctions } from "#host/functions/table.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { MemoryPool } from "#host/vm/memory-pool.ts";
import type { WorldImportKey } from "#host/vm/world.ts";

export type Raw = number | bigint;

/** A stretch of memory that the host changed. */
export interface Write {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface HostCall {
  readonly key: WorldImportKey;
  readonly args: readonly Raw[];
  /** Undefined for none. */
  readonly result: Raw | undefined;
  /** Gas that the host itself charged; what the contract's allocator used meanwhile comes on top. */
  readonly gas: number;
  readonly allocations: readonly { readonly size: number; readonly alignment: number }[];
  readonly writes: readonly Write[];
  /** Whether the call ended here. */
  readonly threw: boolean;
}

export interface Recording {
  readonly outcome: CallOutcome;
  readonly calls: readonly HostCall[];
  /** All of memory after the call. */
  readonly memory: Uint8Array;
}

/** Keeps its memory where it can be read after the call. */
class KeptMemory extends MemoryPool {
  taken: WebAssembly.Memory | undefined;

  override take(): WebAssembly.Memory {
    this.taken = super.take();
    return this.taken;
  }

  override giveBack(): void {
    return;
  }

  override restore(): boolean {
    return false;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.taken?.buffer ?? new ArrayBuffer(0));
  }
}

/** Runs a call and records it. */
export function record(
  admitted: AdmittedModule,
  pages: { readonly initial: number; readonly maximum: number },
  request: CallRequest,
  environment: CallEnvironment,
): Recording {
  const memories = new KeptMemory(pages.initial, pages.maximum);
  const calls: HostCall[] = [];
  const restore = hostFunctionKeys.map((key) => listen(key, memories, calls));
  try {
    const outcome = runCall({ ...admitted, memories }, request, environment);
    return { outcome, calls, memory: memories.bytes };
  } finally {
    for (const undo of restore) undo();
  }
}

function listen(key: WorldImportKey, memory: KeptMemory, calls: HostCall[]): () => void {
  const row = hostFunctions[key] as { bind: Bind };
  const original = row.bind;
  row.bind = (call) => {
    const run = original(call) as (...args: readonly Raw[]) => Raw | undefined;
    return (...args: readonly Raw[]) => {
      const before = memory.bytes.slice();
      const gasBefore = call.gas.left;
      const allocator = watchAllocations(call);
      let result: Raw | undefined;
      let threw = true;
      try {
        result = run(...args);
        threw = false;
        return result;
      } finally {
        const { allocations, gasUsed } = allocator.stop();
        const gas = gasBefore - call.gas.left - gasUsed;
        const writes = changes(before, memory.bytes);
        calls.push({ key, args, result, gas, allocations, writes, threw });
      }
    };
  };
  return () => {
    row.bind = original;
  };
}

interface AllocationWatch {
  stop(): { allocations: HostCall["allocations"]; gasUsed: number };
}

function watchAllocations({ memory, gas }: RunningCall): AllocationWatch {
  const allocations: { size: number; alignment: number }[] = [];
  const allocate = memory.allocate.bind(memory);
  let gasUsed = 0;
  memory.allocate = (size, alignment) => {
    allocations.push({ size, alignment });
    const before = gas.left;
    const address = allocate(size, alignment);
    gasUsed += before - gas.left;
    return address;
  };
  return {
    stop: () => {
      memory.allocate = allocate;
      return { allocations, gasUsed };
    },
  };
}

/** The stretches in which two memories differ; the later one may be larger. */
function changes(before: Uint8Array, after: Uint8Array): Write[] {
  const writes: Write[] = [];
  for (let at = 0; at < after.length; at++) {
    if (after[at] === (before[at] ?? 0)) continue;
    const start = at;
    while (at < after.length && after[at] !== (before[at] ?? 0)) at++;
    writes.push({ address: start, bytes: after.slice(start, at) });
  }
  return writes;
}
