/**
 * Every kernel in every variant, pairwise in one process: what metering costs, and what QuickJS takes.
 *
 * @module
 */
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { kernels, type Kernel } from "#test/bench/kernels/kernels.ts";
import { buildContracts } from "#test/bench/load/build.ts";
import { interleave, median, medianRatio, warmUp } from "#test/bench/measure.ts";
import { callKernel, type KernelResult } from "#test/bench/vm/kernel-call.ts";
import { QuickJsKernel } from "#test/bench/vm/quickjs.ts";
import { variantsOf, type Variant } from "#test/bench/vm/variants.ts";

const ROUNDS = 251;
const QUICKJS_ROUNDS = 101;
const WARM_MS = 80;

export interface MeasuredKernel extends Kernel {
  /** Of the unmetered code. */
  readonly bareMicroseconds: number;
  /** Each ÷ unmetered. */
  readonly control: number;
  readonly metered: number;
  readonly byBlock: number;
  readonly growth: number;
  readonly byBlockGrowth: number;
  /** QuickJS ÷ metered. */
  readonly quickJs: number;
}

/** Throws unless the kernel computed what it has to: a wrong answer is not worth timing. */
function checked(kernel: Kernel, result: KernelResult): KernelResult {
  if (result.value === kernel.result) return result;
  throw new Error(`${kernel.name} gives ${String(result.value)} instead of ${kernel.result}`);
}

async function measureKernel(kernel: Kernel, component: Uint8Array): Promise<MeasuredKernel> {
  const { bare, control, metered, byBlock } = variantsOf(component);
  const all = [bare, control, metered, byBlock];
  const runs = all.map((variant) => () => checked(kernel, callKernel(variant, kernel.size)));
  const [, , gas, byBlockGas] = runs.map((run) => run().gas);
  if (gas !== byBlockGas) throw new Error(`${kernel.name} costs ${gas} gas, or ${byBlockGas}`);
  for (const run of runs) await warmUp(run, WARM_MS);
  const times = runs.map((run) => () => run().microseconds);
  const [bareTimes = [], controlTimes = [], meteredTimes = [], byBlockTimes = []] = interleave(
    times,
    ROUNDS,
  );
  return {
    ...kernel,
    bareMicroseconds: median(bareTimes),
    control: medianRatio(controlTimes, bareTimes),
    metered: medianRatio(meteredTimes, bareTimes),
    byBlock: medianRatio(byBlockTimes, bareTimes),
    growth: metered.codeBytes / bare.codeBytes,
    byBlockGrowth: byBlock.codeBytes / bare.codeBytes,
    quickJs: await compareQuickJs(kernel, metered),
  };
}

/** How many times longer QuickJS takes, which has to come to the same result. */
async function compareQuickJs({ name, reduced }: Kernel, metered: Variant): Promise<number> {
  const quickJs = await QuickJsKernel.load(name);
  const runs = [() => callKernel(metered, reduced), () => quickJs.call(reduced)];
  const [ours, theirs] = runs.map((run) => run().value);
  if (ours !== theirs)
    throw new Error(`${name} gives ${String(ours)}, in QuickJS ${String(theirs)}`);
  for (const run of runs) await warmUp(run, WARM_MS);
  const times = runs.map((run) => () => run().microseconds);
  const [compiled = [], interpreted = []] = interleave(times, QUICKJS_ROUNDS);
  quickJs.dispose();
  return medianRatio(interpreted, compiled);
}

export function buildKernels(): ReadonlyMap<string, Uint8Array> {
  return buildContracts(join(import.meta.dirname, "../kernels/contracts"));
}

export async function measureKernels(
  components: ReadonlyMap<string, Uint8Array>,
): Promise<MeasuredKernel[]> {
  // Hot code is optimized at once and not in the background: however busy the machine is, all contenders are.
  setFlagsFromString("--wasm-sync-tier-up");
  const measured: MeasuredKernel[] = [];
  for (const kernel of kernels) {
    const component = components.get(kernel.name);
    if (component === undefined) throw new Error(`${kernel.name} was not built`);
    measured.push(await measureKernel(kernel, component));
  }
  setFlagsFromString("--no-wasm-sync-tier-up");
  return measured;
}
