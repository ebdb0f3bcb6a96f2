/**
 * The machine failed in the middle of a replicated call: the process must end and start again.
 *
 * @module
 */
export class MachineFailure extends Error {}
