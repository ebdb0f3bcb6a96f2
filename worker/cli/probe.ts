/**
 * The ABI of a contract that has one query, under a name that no source can declare.
 *
 * @module
 */
import type { Abi } from "#sdk/client/index.ts";

interface ProbeAbi extends Abi {
  readonly methods: readonly [Abi["methods"][number]];
}

export const METHOD_NOT_CALLED: ProbeAbi = {
  abi: 1,
  contract: "Unknown",
  methods: [{ name: "hermetic$inspect", kind: "query", inputs: [], output: null }],
  types: [],
  events: [],
  errors: [],
  state: [],
};
