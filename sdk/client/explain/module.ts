/**
 * HRM134N and HRM135N: contracts refused before they are compiled.
 *
 * @module
 */
import type { FaultCode } from "#protocol/faults.ts";
import type { Explanation } from "#sdk/client/explain/explanation.ts";

const REBUILD = "Rebuild the contract with the current hermetic build.";

export const moduleTable = {
  MODULE_MALFORMED: {
    title: "The contract's code is damaged",
    why: "Its core module cannot be read to the end.",
    fix: REBUILD,
  },
  MODULE_TOO_LARGE: {
    title: "The contract is too large",
    why: "The component is over the size limit shown.",
    fix: "Leave out what is not needed, or split the contract.",
  },
  MODULE_IMPORT: {
    title: "The contract imports what it may not",
    why: "Only the host functions of hermetic:contract with their exact signatures may be imported.",
    fix: "Build the contract with hermetic build, which names the import and what to use instead.",
  },
  MODULE_EXPORT: {
    title: "The contract lacks an export or exports what it may not",
    why: "init, command, query, memory and the allocator must be exported with their exact types.",
    fix: REBUILD,
  },
  MODULE_OPCODE: {
    title: "The contract uses an instruction that is not allowed",
    why: "SIMD, threads, exceptions and other extensions are refused, because they are not metered.",
    fix: "Build without these features.",
  },
  MODULE_LIMIT: {
    title: "The contract's code exceeds a limit",
    why: "Numbers of functions, locals, nested blocks and the like are limited, so that compiling stays fast. offset is the byte of the file, section and index are the item, as the binary format counts.",
    fix: "Split large functions or generated tables; the numbers shown tell which limit it was.",
  },
  MODULE_START: {
    title: "The contract has a start function",
    why: "No code may run before gas is counted.",
    fix: REBUILD,
  },
  MODULE_MEMORY: {
    title: "The contract's memory is not as required",
    why: "It must have exactly one memory of its own, not shared and within the limit.",
    fix: REBUILD,
  },
  MODULE_TABLE: {
    title: "The contract's table is not as required",
    why: "It may have one table of functions of limited size.",
    fix: REBUILD,
  },
  MODULE_INVALID: {
    title: "The contract's code does not pass validation",
    why: "The WebAssembly engine refused it.",
    fix: REBUILD,
  },
  COMPONENT_MALFORMED: {
    title: "The artefact is not a contract component",
    why: "It is damaged, is no component, or is one of another kind.",
    fix: "Deploy the .wasm file that hermetic build wrote.",
  },
  COMPONENT_GRANTS: {
    title: "What the contract declares of the outside world cannot be read",
    why: "Its section hermetic:http is there twice, or not as hermetic build writes it.",
    fix: "Deploy the .wasm file that hermetic build wrote, and use the hermetic of the worker's version to build it.",
  },
} as const satisfies Partial<Record<FaultCode, Explanation>>;
