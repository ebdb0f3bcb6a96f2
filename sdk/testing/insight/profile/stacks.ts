/**
 * From what probes have seen of a call to the gas of each stack of functions.
 *
 * Gas between two probes is that of the function which was on top meanwhile, host functions included. What
 * was used before the first probe and after the last belongs to the call itself: its instance, its
 * arguments, its result. So the stacks of a call add up to what it has cost, to the last gas.
 *
 * @module
 */

/** What a probe has seen, or a call that was made meanwhile. */
export type ProfileStep<Call> =
  | { readonly id: number; readonly isEnd: boolean; readonly used: number }
  | { readonly call: Call };

export interface ProfiledCall {
  /** `Contract.method`. */
  readonly name: string;
  readonly nameOf: (id: number) => string;
  readonly steps: readonly ProfileStep<ProfiledCall>[];
  /** What it had used when it ended, and what it was charged. */
  readonly used: number;
  readonly gasUsed: number;
}

/** Gas by stack: names from the outermost to the innermost, parted by semicolons. */
export type Stacks = Readonly<Record<string, number>>;

/** What takes the rest of a call's gas when it traps. */
const TAKEN = "(taken by the trap)";

/** @param into - Is added to. @param above - The stack that the call was made from. */
export function addStacks(call: ProfiledCall, into: Record<string, number>, above = ""): void {
  const add = (stack: string, gas: number): void => {
    if (gas !== 0) into[stack] = (into[stack] ?? 0) + gas;
  };
  const root = above + part(call.name);
  const open: string[] = [root];
  let last = 0;
  for (const step of call.steps) {
    const top = open.at(-1) ?? root;
    if ("call" in step) {
      addStacks(step.call, into, `${top};`);
      // The caller pays it, at once.
      last += step.call.gasUsed;
      continue;
    }
    add(top, step.used - last);
    last = step.used;
    if (!step.isEnd) open.push(`${top};${part(call.nameOf(step.id))}`);
    else if (open.length > 1) open.pop();
  }
  add(open.at(-1) ?? root, call.used - last);
  add(`${root};${TAKEN}`, call.gasUsed - call.used);
}

function part(name: string): string {
  return name.replaceAll(";", ",");
}

export function sumOfStacks(all: readonly Stacks[]): Stacks {
  const sums: Record<string, number> = {};
  for (const [stack, gas] of all.flatMap((each) => Object.entries(each))) {
    sums[stack] = (sums[stack] ?? 0) + gas;
  }
  return Object.fromEntries(Object.entries(sums).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
