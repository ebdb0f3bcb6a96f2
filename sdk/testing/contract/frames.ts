/**
 * The stack of a call that failed, in lines of the contracts: of all that were on the way.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { toHex } from "#protocol/bytes.ts";
import type { CallEnd } from "#host/functions/outcome.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { BuiltArtefact } from "#sdk/testing/artefact.ts";
import { sourceFrames } from "#sdk/testing/contract/source-frames.ts";
import { sourceMapOf } from "#sdk/testing/contract/source-map.ts";
import type { CallNode } from "#sdk/testing/insight/call-tree.ts";

type Failed = Exclude<CallEnd, { readonly kind: "returned" }>;

/**
 * Lines as V8 writes them, innermost first.
 *
 * @param artefactOf - The code at an address, if it is known.
 */
export function contractFrames(
  node: CallNode,
  artefactOf: (address: Account) => BuiltArtefact | undefined,
): string[] {
  const { end } = node.outcome;
  if (end.kind === "returned") return [];
  const cause = node.calls.at(-1);
  const inner =
    cause !== undefined && hasCaused(cause, end, artefactOf)
      ? contractFrames(cause, artefactOf)
      : [];
  const artefact = artefactOf(toHex(node.contract));
  return artefact === undefined ? inner : [...inner, ...ownFrames(node.method, end, artefact)];
}

/** Whether a call failed because one that it made did: it says so, or hands the failure on. */
function hasCaused(
  cause: CallNode,
  end: Failed,
  artefactOf: (address: Account) => BuiltArtefact | undefined,
): boolean {
  const inner = cause.outcome.end;
  if (inner.kind === "returned") return false;
  if (end.kind === "failed") return inner.kind === "failed" && inner.name === end.name;
  const name = artefactOf(toHex(cause.contract))?.abi.contract;
  const text = end.panic?.text ?? "";
  return name !== undefined && text.startsWith(`${name}.${cause.method} failed`);
}

function ownFrames(method: string, end: Failed, { map, file, abi }: BuiltArtefact): string[] {
  const { trace = [] } = end;
  const frames =
    map === undefined ? [] : trace.flatMap((offset) => sourceFrames(sourceMapOf(map), offset));
  const panic = end.kind === "fault" ? end.panic : undefined;
  if (frames.length === 0 && panic !== undefined && panic.file !== "") {
    frames.push({ name: `${abi.contract}.${method}`, ...panic });
  }
  return frames.map(({ name, file: source, line, column }) => {
    const path = file === undefined ? source : resolve(dirname(file), source);
    return `    at ${name} (${path}:${line}:${column})`;
  });
}
