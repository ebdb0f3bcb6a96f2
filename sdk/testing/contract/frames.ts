/**
 * A contract's own stack frames, from the panic and trace of a failed call.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import type { CallReport } from "#sdk/client/call/report.ts";
import type { BuiltArtefact } from "#sdk/testing/artefact.ts";
import { positionOf } from "#sdk/testing/contract/source-map.ts";

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Files of the library, the SDK and generated glue: the author has not written them. */
const FOREIGN = /^~lib\/|\.hermetic\.ts$/;

/** Lines as V8 writes them, innermost first; empty for an error that is not of a call. */
export function contractFrames(error: Error, { map, file }: BuiltArtefact): string[] {
  const { call } = error as { readonly call?: CallReport };
  if (call === undefined) return [];
  const { panic, trace = [], method } = call;
  const traced = map === undefined ? [] : trace.map((offset) => positionOf(map, offset));
  const places: (Place | undefined)[] = traced.length > 0 ? traced : [panic];
  return places
    .filter((place) => place !== undefined && place.file !== "" && !FOREIGN.test(place.file))
    .map((place) => {
      const { file: source, line, column } = place as Place; // the filter leaves places only
      const path = file === undefined ? source : resolve(dirname(file), source);
      return `    at ${method} (${path}:${line}:${column})`;
    });
}
