/**
 * One seed for all property tests of a run, so that the same commit gives the same verdict twice.
 *
 * `HERMETIC_SEED=random npm test` looks elsewhere, as `HERMETIC_SEED=<number>` does; a failing property prints
 * its seed either way.
 *
 * @module
 */
import fc from "fast-check";

const SEED = 20_260_801;

const { HERMETIC_SEED: wanted = String(SEED) } = process.env;
if (wanted !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
