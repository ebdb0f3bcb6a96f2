/**
 * Names of functions by their place in the code: source maps name lines, and nothing else.
 *
 * They stand in the map as an extension field, so they stay with the author as it does.
 *
 * Source: WebAssembly core specification, "Appendix", "Custom Sections", "Name Section"; ECMA-426 on fields that
 * begin with `x_`.
 *
 * @module
 */
import { customSection, readName, readUnsigned, sectionStart } from "./wasm-sections.ts";

/** Field of the source map. */
export const FUNCTIONS_FIELD = "x_hermetic_functions";

/** Offset of each function's body in the core module, ascending, and what the compiler calls it. */
export type FunctionTable = readonly (readonly [offset: number, name: string])[];

const CODE = 10;
const FUNCTION_NAMES = 1;

/**
 * The functions of a core module that carries its names.
 *
 * @param core - With its name section.
 */
export function functionTable(core: Uint8Array, importedFunctions: number): FunctionTable {
  const names = functionNames(core);
  const code = sectionStart(core, CODE);
  if (code === undefined) return [];
  const { value: count, end } = readUnsigned(core, code);
  const table: (readonly [number, string])[] = [];
  for (let index = 0, at = end; index < count; index++) {
    const size = readUnsigned(core, at);
    table.push([size.end, names.get(importedFunctions + index) ?? `function ${index}`]);
    at = size.end + size.value;
  }
  return table;
}

function functionNames(core: Uint8Array): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const section = customSection(core, "name");
  if (section === undefined) return names;
  for (let at = section.start; at < section.end;) {
    const size = readUnsigned(core, at + 1);
    if (core[at] === FUNCTION_NAMES) {
      let next = readUnsigned(core, size.end);
      for (let left = next.value; left > 0; left--) {
        const index = readUnsigned(core, next.end);
        const name = readName(core, index.end);
        names.set(index.value, name.text);
        next = { value: 0, end: name.end };
      }
    }
    at = size.end + size.value;
  }
  return names;
}

/** A name as its author would say it: `auction/Auction#bid` is `Auction.bid`. */
export function shownName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const bare = withoutTypes(name);
  const own = bare.slice(bare.lastIndexOf("/") + 1).replace("#", ".");
  return own.replace(/\.(get|set):/, ".").replace(/~anonymous\|\d+$/, "(anonymous)");
}

/** Type arguments hold paths of their own. */
function withoutTypes(name: string): string {
  let depth = 0;
  let bare = "";
  for (const letter of name) {
    if (letter === "<") depth++;
    else if (letter === ">") depth--;
    else if (depth === 0) bare += letter;
  }
  return bare;
}
