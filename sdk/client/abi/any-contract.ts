/**
 * The ABI of a contract of which nothing is known: what the cluster itself tells needs none.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";

export const ANY_CONTRACT: Abi = {
  abi: 1,
  contract: "Unknown",
  methods: [],
  types: [],
  events: [],
  errors: [],
  state: [],
};
