/**
 * The virtual machine: what metering costs, how fast code is admitted, what a call and a host function take.
 *
 * Kernels are compared with the same code unmetered on the same engine, in turns in one process.
 *
 * @module
 */
import { geometricMean } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";
import { callsBetweenRows } from "#test/bench/vm/calls-between.ts";
import { buildStore, freshCallRows } from "#test/bench/vm/fresh-calls.ts";
import { hostFunctionRows } from "#test/bench/vm/host-functions.ts";
import { instrumentationRows } from "#test/bench/vm/instrumentation.ts";
import { buildKernels, measureKernels, type MeasuredKernel } from "#test/bench/vm/kernels.ts";

const atMost = (value: number) => ({ kind: "at most", value }) as const;

/** Column names, and what stands in each, in the order of the table. */
const columns = {
  "unmetered ms": ({ bareMicroseconds }: MeasuredKernel) => bareMicroseconds / 1000,
  control: ({ control }: MeasuredKernel) => control,
  metered: ({ metered }: MeasuredKernel) => metered,
  "per block": ({ byBlock }: MeasuredKernel) => byBlock,
  growth: ({ growth }: MeasuredKernel) => growth,
  "per block growth": ({ byBlockGrowth }: MeasuredKernel) => byBlockGrowth,
  QuickJS: ({ quickJs }: MeasuredKernel) => quickJs,
} as const;

function kernelRows(kernels: readonly MeasuredKernel[]): Row[] {
  return kernels.flatMap((kernel) =>
    Object.entries(columns).map(([name, valueOf]): Row => {
      const unit = name === "unmetered ms" ? "ms" : "×";
      return { name, subject: `${kernel.name} (${kernel.kind})`, value: valueOf(kernel), unit };
    }),
  );
}

/** The kernel of a kind that metering slows down most. */
function worst(
  kernels: readonly MeasuredKernel[],
  kind: MeasuredKernel["kind"],
  most: number,
): Row {
  const metered = kernels.filter((kernel) => kernel.kind === kind).map((kernel) => kernel.metered);
  const name = `worst ${kind} kernel, metered ÷ unmetered`;
  return { name, value: Math.max(...metered), unit: "×", bound: atMost(most) };
}

function summaryRows(kernels: readonly MeasuredKernel[]): Row[] {
  const mean = (
    name: string,
    valueOf: (kernel: MeasuredKernel) => number,
    bound?: Row["bound"],
  ): Row => {
    const row = { name, value: geometricMean(kernels.map(valueOf)), unit: "×" } as const;
    return bound === undefined ? row : { ...row, bound };
  };
  const interpreted = kernels.filter(({ isBuiltIn }) => isBuiltIn !== true);
  const quickJs = geometricMean(interpreted.map((kernel) => kernel.quickJs));
  return [
    mean("metered ÷ unmetered, geometric mean", columns.metered, atMost(1.08)),
    worst(kernels, "integer", 1.25),
    worst(kernels, "float", 1.5),
    mean("counter per block ÷ unmetered, geometric mean", columns["per block"]),
    mean("control ÷ unmetered, geometric mean", columns.control),
    mean("metered code ÷ uploaded, geometric mean", columns.growth, atMost(1.4)),
    mean("code with a counter per block ÷ uploaded", columns["per block growth"]),
    {
      name: "QuickJS ÷ metered, geometric mean of compute kernels",
      value: quickJs,
      unit: "×",
      bound: { kind: "at least", value: 20 },
    },
    mean("QuickJS ÷ metered, with its built-in JSON and BigInt", columns.QuickJS),
  ];
}

export async function run(): Promise<Row[]> {
  const components = buildKernels();
  const store = buildStore();
  const kernels = await measureKernels(components);
  return [
    ...kernelRows(kernels),
    ...summaryRows(kernels),
    ...(await instrumentationRows([...components.values()])),
    ...(await freshCallRows(store)),
    ...(await callsBetweenRows(store)),
    ...(await hostFunctionRows()),
  ];
}
