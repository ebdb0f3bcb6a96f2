/**
 * The name the ABI gives to byte strings.
 *
 * @module
 */
export type bytes = Uint8Array;
