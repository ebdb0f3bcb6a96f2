/**
 * Reads the ABI out of an artefact: the custom section `hermetic:abi` of the component.
 *
 * Source: WebAssembly component binary format, preamble; core specification §5.5.3, custom sections.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { HTTP_SECTION, parseHttpGrants } from "#protocol/http-grant.ts";
import { COMPONENT_BYTES_MAX } from "#protocol/limits.ts";
import { parseAbi, parseAbiText } from "#sdk/client/abi/parse.ts";
import { grantsOf, type ContractGrant } from "#sdk/client/contract/description.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

/**
 * What can be deployed: the bytes of a component, or these with the ABI that types the contract, such as
 * what `build` returns.
 */
export type Artefact<A extends Abi = Abi> =
  | Uint8Array
  | { readonly wasm: Uint8Array; readonly abi: A };

/**
 * The component in an artefact, and its ABI.
 *
 * @throws {@link HermeticError} `ARTEFACT_INVALID` if it is no component, carries no ABI or is over the limit,
 *   `ABI_INVALID` if the ABI beside it is none.
 */
export function openArtefact<A extends Abi>(
  artefact: Artefact<A>,
): { readonly component: Uint8Array; readonly abi: A } {
  const isBare = artefact instanceof Uint8Array;
  const component = isBare ? artefact : artefact.wasm;
  // A bare artefact has no static type, so A is then whatever the caller says it is.
  const abi = isBare ? (abiOf(component) as A) : (parseAbi(artefact.abi) as A);
  checkSize(component);
  return { component, abi };
}

/** @throws {@link HermeticError} `ARTEFACT_INVALID` if it is over the limit. */
export function checkSize(component: Uint8Array): void {
  if (component.length <= COMPONENT_BYTES_MAX) return;
  const facts = { bytes: component.length, limit: COMPONENT_BYTES_MAX };
  throw clientError("ARTEFACT_INVALID", "it is too large", { facts });
}

/** `\0asm`, version 13, layer 1: a component. */
const PREAMBLE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
const ABI_SECTION = "hermetic:abi";
const LEB_SHIFT_MAX = 28;

/** @throws {@link HermeticError} `ARTEFACT_INVALID` if it is no component or carries no ABI. */
export function abiOf(component: Uint8Array): Abi {
  return parseAbiText(sectionText(component, ABI_SECTION));
}

/**
 * The text of a custom section at the top level of a component.
 *
 * @throws {@link HermeticError} `ARTEFACT_INVALID` if there is none.
 */
export function sectionText(component: Uint8Array, wanted: string): string {
  const section = sectionBytes(component, wanted);
  if (section === undefined) throw clientError("ARTEFACT_INVALID", `it has no section ${wanted}`);
  return utf8Text(section);
}

/** What a component declares that it asks of the outside world. @throws {@link HermeticError} `ARTEFACT_INVALID`. */
export function artefactGrants(component: Uint8Array): ContractGrant[] {
  const section = sectionBytes(component, HTTP_SECTION);
  if (section === undefined) return [];
  try {
    return grantsOf(parseHttpGrants(section, "COMPONENT_GRANTS"));
  } catch {
    throw clientError("ARTEFACT_INVALID", `its section ${HTTP_SECTION} is damaged`);
  }
}

function sectionBytes(component: Uint8Array, wanted: string): Uint8Array | undefined {
  if (!equalBytes(component.subarray(0, PREAMBLE.length), PREAMBLE)) {
    throw clientError("ARTEFACT_INVALID", "it is not a WebAssembly component");
  }
  let offset = PREAMBLE.length;
  while (offset < component.length) {
    const id = component[offset];
    const [size, start] = unsigned(component, offset + 1);
    const section = component.subarray(start, start + size);
    if (section.length !== size) throw clientError("ARTEFACT_INVALID", "it ends too early");
    offset = start + size;
    if (id !== 0) continue;
    const [length, nameStart] = unsigned(section, 0);
    const name = utf8Text(section.subarray(nameStart, nameStart + length));
    if (name === wanted) return section.subarray(nameStart + length);
  }
  return undefined;
}

/** LEB128, at most 32 bits: the number and the offset behind it. */
function unsigned(bytes: Uint8Array, offset: number): readonly [value: number, next: number] {
  let value = 0;
  for (let shift = 0; shift <= LEB_SHIFT_MAX; shift += 7) {
    const byte = bytes[offset++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, offset];
  }
  throw clientError("ARTEFACT_INVALID", "it is damaged");
}

function utf8Text(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw clientError("ARTEFACT_INVALID", "it is damaged");
  }
}
