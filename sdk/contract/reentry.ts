/**
 * What a contract with `@reentrant` methods does around a call of another contract: its fields are
 * stored before, and looked at again after, because another call of it may have run meanwhile.
 *
 * The build defines `__isReentrant` for such contracts; in others nothing here is compiled.
 *
 * @module
 */

/** A contract whose fields can be stored at any moment. */
export interface Reentrant {
  __flush(): void;
}

let contract: Reentrant | null = null;
/** Calls of other contracts so far. */
let calls: u32 = 0;

/** Makes the contract take care of its fields. */
export function guard(reentrant: Reentrant): void {
  contract = reentrant;
}

export function beforeCall(): void {
  const guarded = contract;
  if (guarded !== null) guarded.__flush();
}

export function afterCall(): void {
  if (contract !== null) calls++;
}

/** Rises when another call of this contract may have changed its fields. */
export function callsSoFar(): u32 {
  return calls;
}
