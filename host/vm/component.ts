/**
 * Takes the contract's core module out of an uploaded component.
 *
 * A component is a container; its type-level content is for other engines and for people. The host
 * runs the main core module under its own fixed glue, so all it needs here is where that module
 * lies. Accepted is exactly what wit-component writes for a world of plain functions: the main
 * module first, then at most two helpers (shim and fixup) that own no memory and are never run.
 * Nested components, start functions and values do not occur there and are refused. A file that was
 * cut short is refused too: the exports of the world and both sections of the build must be there.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { HTTP_SECTION, parseHttpGrants, type HttpGrant } from "#protocol/http-grant.ts";
import {
  COMPONENT_BYTES_MAX,
  COMPONENT_HELPER_BYTES_MAX,
  COMPONENT_MODULES_MAX,
  COMPONENT_SECTIONS_MAX,
  REENTRANT_METHODS_MAX,
} from "#protocol/limits.ts";
import { Reader } from "#host/vm/decode/reader.ts";

const COMPONENT_PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const MODULE_PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Section numbers of the component binary format. Component (4), start (9) and value (12) are refused. */
const CUSTOM = 0;
const CORE_MODULE = 1;
const EXPORT = 11;
const PASSED_OVER = [2, 3, 5, 6, 7, 8, 10];
/** Section numbers of a core module that make it more than a helper: memory, global, data count, data. */
const HELPER_REFUSED = [5, 6, 11, 12];

/** What the component exports, each once: functions without a type ascription. */
const WORLD_EXPORTS: readonly string[] = ["init", "command", "query"];
/** What older components lack. */
const MIGRATE_EXPORT = "migrate";
const FUNCTION_SORT = 0x01;
/** Custom sections every artefact ends with, each once. */
const BUILD_SECTIONS: readonly string[] = ["hermetic:abi", "hermetic:build"];
/** One of the two that say something to the host: a list of names. Without it there are none. */
const REENTRANT_SECTION = "hermetic:reentrant";

/** A named section and the bytes it spans in the component file. */
export interface CustomSection {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface Component {
  /** The main core module, a view into the component, and where it begins there. */
  readonly core: Uint8Array;
  readonly coreOffset: number;
  /** Custom sections of the component itself, in file order; only two of them are ever interpreted. */
  readonly customs: readonly CustomSection[];
  /** Names of the methods that may be entered again, as the section `hermetic:reentrant` lists them. */
  readonly reentrant: readonly string[];
  /** What it may ask of the outside world, as the section `hermetic:http` declares it; without it, nothing. */
  readonly httpGrants: readonly HttpGrant[];
}

/**
 * Parses the container and finds the main module.
 *
 * @param untrustedComponent - The uploaded file, at most {@link COMPONENT_BYTES_MAX} bytes.
 * @throws {@link Fault} `MODULE_TOO_LARGE` if the file is over its limit.
 * @throws {@link Fault} `COMPONENT_MALFORMED` if it is anything but what is described above.
 * @throws {@link Fault} `COMPONENT_GRANTS` if its section `hermetic:http` is there twice or not in its one form.
 */
export function parseComponent(untrustedComponent: Uint8Array): Component {
  const length = untrustedComponent.length;
  if (length > COMPONENT_BYTES_MAX) {
    throw new Fault("MODULE_TOO_LARGE", { length, limit: COMPONENT_BYTES_MAX });
  }
  const reader = new Reader(untrustedComponent, 0, length, "COMPONENT_MALFORMED");
  readPreamble(reader, COMPONENT_PREAMBLE);
  const customs: CustomSection[] = [];
  const exports: string[] = [];
  let reentrant: readonly string[] | undefined;
  let httpGrants: readonly HttpGrant[] | undefined;
  let core: Reader | undefined;
  let modules = 0;
  for (let sections = 0; !reader.done; sections++) {
    reader.begin(sections);
    if (sections === COMPONENT_SECTIONS_MAX) reader.fail({ limit: COMPONENT_SECTIONS_MAX });
    const id = reader.byte();
    const content = reader.slice(reader.u32(), id);
    if (id === CORE_MODULE) {
      if (++modules > COMPONENT_MODULES_MAX) reader.fail({ modules, limit: COMPONENT_MODULES_MAX });
      if (core === undefined) core = content;
      else checkHelper(content);
    } else if (id === CUSTOM) {
      const name = content.name();
      customs.push({ name, start: content.offset, end: content.end });
      if (name === REENTRANT_SECTION) {
        if (reentrant !== undefined) reader.fail({ section: id });
        reentrant = readReentrant(content);
      }
      if (name === HTTP_SECTION) {
        if (httpGrants !== undefined) throw new Fault("COMPONENT_GRANTS");
        httpGrants = parseHttpGrants(
          untrustedComponent.subarray(content.offset, content.end),
          "COMPONENT_GRANTS",
        );
      }
    } else if (id === EXPORT) {
      readExports(content, exports);
    } else if (!PASSED_OVER.includes(id)) {
      content.fail();
    }
  }
  reader.begin(-1);
  if (core === undefined) return reader.fail({ section: CORE_MODULE });
  const world = exports.includes(MIGRATE_EXPORT)
    ? [...WORLD_EXPORTS, MIGRATE_EXPORT]
    : WORLD_EXPORTS;
  if (!holdsEachOnce(exports, world)) reader.fail({ section: EXPORT });
  const built = customs.map(({ name }) => name).filter((name) => BUILD_SECTIONS.includes(name));
  if (!holdsEachOnce(built, BUILD_SECTIONS)) reader.fail({ section: CUSTOM });
  const { offset, end } = core;
  const main = untrustedComponent.subarray(offset, end);
  return {
    core: main,
    coreOffset: offset,
    customs,
    reentrant: reentrant ?? [],
    httpGrants: httpGrants ?? [],
  };
}

/** A vector of names. */
function readReentrant(reader: Reader): string[] {
  const count = reader.u32();
  if (count > REENTRANT_METHODS_MAX) {
    reader.fail({ methods: count, limit: REENTRANT_METHODS_MAX });
  }
  const names = Array.from({ length: count }, () => reader.name());
  if (!reader.done) reader.fail();
  return names;
}

/** Appends the names of one export section. */
function readExports(reader: Reader, names: string[]): void {
  const count = reader.u32();
  const limit = WORLD_EXPORTS.length + 1;
  if (count > limit) reader.fail({ exports: count, limit });
  for (let index = 0; index < count; index++) {
    reader.begin(index);
    if (reader.byte() > 1) reader.fail();
    names.push(reader.name());
    if (reader.byte() !== FUNCTION_SORT) reader.fail();
    reader.u32();
    if (reader.byte() !== 0) reader.fail();
  }
  if (!reader.done) reader.fail();
}

function holdsEachOnce(names: readonly string[], expected: readonly string[]): boolean {
  return names.length === expected.length && expected.every((name) => names.includes(name));
}

/** A helper is small, owns no memory and keeps no state; it is checked to be one, then ignored. */
function checkHelper(reader: Reader): void {
  const length = reader.end - reader.offset;
  if (length > COMPONENT_HELPER_BYTES_MAX)
    reader.fail({ length, limit: COMPONENT_HELPER_BYTES_MAX });
  readPreamble(reader, MODULE_PREAMBLE);
  while (!reader.done) {
    reader.mark = reader.offset;
    const id = reader.byte();
    reader.skip(reader.u32());
    if (HELPER_REFUSED.includes(id)) reader.fail({ value: id });
  }
}

function readPreamble(reader: Reader, preamble: readonly number[]): void {
  for (const expected of preamble) if (reader.byte() !== expected) reader.fail();
}
