/**
 * How `hermetic test --record` tells the test kit to ask the real web: the one word that the two share.
 *
 * @module
 */

/** An environment variable; "1" means that recordings are written anew. */
export const RECORD_VARIABLE = "HERMETIC_RECORD";
