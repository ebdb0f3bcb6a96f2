/**
 * What the operator of the worker has seen: wires, files and output, all of it.
 *
 * @module
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { occurs, type Secret } from "./search.ts";

/** Everything below a directory that the operator owns. */
function filesOf(directory: string): Uint8Array {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const files = names
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
  return Buffer.concat(files.map((path) => readFileSync(path)));
}

export interface View {
  /** Where the operator looks: "HTTP to and from the worker". */
  readonly place: string;
  readonly bytes: Uint8Array;
}

export interface Sources {
  readonly data: string;
  readonly http: Uint8Array;
  /** Nothing if the contract asked a service that this machine does not tap. */
  readonly egress: Uint8Array | undefined;
  readonly output: Uint8Array;
}

export function operatorViews({ data, http, egress, output }: Sources): View[] {
  return [
    { place: "HTTP between clients and worker", bytes: http },
    ...(egress === undefined
      ? []
      : [{ place: "contract's HTTPS to the rates server", bytes: egress }]),
    { place: "data directory", bytes: filesOf(data) },
    { place: "worker's output", bytes: output },
  ];
}

/** Places where nothing of what is known to be everywhere was found: a search there proves nothing. */
export function findBlind(views: readonly View[], known: readonly Secret[]): string[] {
  return views
    .filter(({ bytes }) => !known.some((each) => occurs(each, bytes)))
    .map(({ place }) => place);
}

/** Names of the secrets found, with where. */
export function findSecrets(views: readonly View[], secrets: readonly Secret[]): string[] {
  return views.flatMap(({ place, bytes }) =>
    secrets.filter((secret) => occurs(secret, bytes)).map(({ name }) => `${name} in ${place}`),
  );
}
