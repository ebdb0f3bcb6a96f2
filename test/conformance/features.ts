/**
 * Which feature outside our set a module uses: the only ground on which a valid module may be skipped.
 *
 * Written from the format's definition and not from the product's decoder, so that a module which the
 * decoder refuses without cause counts as a failure. It expects modules that are well-formed.
 *
 * @module
 */
import { Cursor } from "#test/support/cursor.ts";

/** Thrown at the first thing that our feature set does not have. */
class Beyond extends Error {}

const I32 = 0x7f;
const F64 = 0x7c;
const FUNCREF = 0x70;
const CUSTOM = 0;
const SECTION_MAX = 12;

/** Proposals by the first opcode of a range; the last range that begins at or below an opcode names it. */
const PROPOSALS: readonly (readonly [first: number, name: string])[] = [
  [0x06, "exceptions"],
  [0x12, "tail calls"],
  [0x14, "typed function references"],
  [0x18, "exceptions"],
  [0x1c, "reference types"],
  [0x1f, "exceptions"],
  [0x25, "reference types"],
  [0xd0, "reference types"],
  [0xd3, "garbage collection"],
  [0xe0, "stack switching"],
  [0xfb00, "garbage collection"],
  [0xfc0f, "reference types"],
  [0xfc12, "unknown"],
  [0xfd00, "vectors"],
  [0xfe00, "threads"],
];
/** How often a bulk operation names the one memory or table there is. */
const ZEROS: Readonly<Record<number, number>> = {
  0xfc08: 1,
  0xfc0a: 2,
  0xfc0b: 1,
  0xfc0c: 1,
  0xfc0e: 2,
};
const TYPES: Readonly<Record<number, string>> = {
  0x7b: "vectors",
  0x70: "reference types",
  0x6f: "reference types",
};

/** Names the first feature in use that lies outside our set; undefined if all lie inside. */
export function beyondOurs(bytes: Uint8Array): string | undefined {
  try {
    new FeatureScan(bytes).run();
  } catch (error) {
    if (error instanceof Beyond) return error.message;
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

function beyond(name: string): never {
  throw new Beyond(name);
}

class FeatureScan {
  readonly #cursor: Cursor;
  #tables = 0;
  #memories = 0;
  #importedGlobals = 0;

  constructor(bytes: Uint8Array) {
    this.#cursor = new Cursor(bytes);
  }

  run(): void {
    const cursor = this.#cursor;
    cursor.at = 4;
    if (cursor.byte() !== 1 || cursor.byte() !== 0) beyond("components");
    cursor.at = 8;
    while (cursor.at < cursor.bytes.length) {
      const id = cursor.byte();
      const end = cursor.u32() + cursor.at;
      if (id > SECTION_MAX) beyond(`section ${id} (exceptions)`);
      if (id !== CUSTOM) this.#section(id);
      cursor.at = end;
    }
  }

  #section(id: number): void {
    const cursor = this.#cursor;
    const readers: Readonly<Record<number, () => void>> = {
      1: () => this.#type(),
      2: () => this.#import(),
      4: () => this.#table(),
      5: () => this.#memory(),
      6: () => this.#global(),
      7: () => this.#export(),
      9: () => this.#element(),
      10: () => this.#body(),
      11: () => this.#data(),
    };
    const read = readers[id];
    if (read !== undefined) cursor.items(read);
  }

  #valueType(): void {
    const type = this.#cursor.byte();
    if (type < F64 || type > I32) beyond(`type 0x${hex(type)} (${TYPES[type] ?? "references"})`);
  }

  #type(): void {
    const form = this.#cursor.byte();
    if (form !== 0x60) beyond(`type form 0x${hex(form)} (garbage collection)`);
    for (let list = 0; list < 2; list++) this.#cursor.items(() => this.#valueType());
  }

  #import(): void {
    this.#cursor.skipBytes();
    this.#cursor.skipBytes();
    const kind = this.#cursor.byte();
    if (kind === 0) this.#cursor.u32();
    else if (kind === 1) this.#table();
    else if (kind === 2) this.#memory();
    else if (kind === 3) {
      this.#globalType();
      this.#importedGlobals++;
    } else beyond(`import kind ${kind} (exceptions)`);
  }

  #limits(): void {
    const flags = this.#cursor.byte();
    if (flags > 1) beyond(`limits 0x${hex(flags)} (threads or 64-bit addresses)`);
    for (let count = 0; count <= flags; count++) this.#cursor.leb(false);
  }

  #table(): void {
    const type = this.#cursor.byte();
    if (type !== FUNCREF) beyond(`table of 0x${hex(type)} (reference types)`);
    this.#limits();
    if (++this.#tables > 1) beyond("several tables (reference types)");
  }

  #memory(): void {
    this.#limits();
    if (++this.#memories > 1) beyond("several memories");
  }

  #globalType(): void {
    this.#valueType();
    const flags = this.#cursor.byte();
    if (flags > 1) beyond(`global 0x${hex(flags)} (threads)`);
  }

  #global(): void {
    this.#globalType();
    this.#constant();
  }

  /** A constant expression: one constant or imported global. */
  #constant(): void {
    const opcode = this.#cursor.byte();
    if (opcode === 0x23) {
      if (this.#cursor.u32() >= this.#importedGlobals) beyond("extended constant expressions");
    } else if (opcode >= 0x41 && opcode <= 0x44) this.#number(opcode);
    else beyond(described(opcode));
    if (this.#cursor.byte() !== 0x0b) beyond("extended constant expressions");
  }

  #number(opcode: number): void {
    if (opcode <= 0x42) this.#cursor.leb(true);
    else this.#cursor.at += opcode === 0x43 ? 4 : 8;
  }

  #export(): void {
    this.#cursor.skipBytes();
    const kind = this.#cursor.byte();
    if (kind > 3) beyond(`export kind ${kind} (exceptions)`);
    this.#cursor.u32();
  }

  #element(): void {
    const flags = this.#cursor.u32();
    if (flags > 3) beyond(`element segment 0x${hex(flags)} (reference types)`);
    if (flags === 2) this.#zero("several tables (reference types)");
    if (flags === 0 || flags === 2) this.#constant();
    if (flags !== 0) this.#zero("reference types");
    this.#cursor.items(() => this.#cursor.u32());
  }

  #data(): void {
    const flags = this.#cursor.u32();
    if (flags > 1) beyond("several memories");
    if (flags === 0) this.#constant();
    this.#cursor.skipBytes();
  }

  #body(): void {
    const cursor = this.#cursor;
    const end = cursor.u32() + cursor.at;
    cursor.items(() => {
      cursor.u32();
      this.#valueType();
    });
    while (cursor.at < end) this.#instruction(cursor.byte());
  }

  #instruction(opcode: number): void {
    const cursor = this.#cursor;
    if (opcode >= 0xfb && opcode <= 0xfe) return this.#prefixed(opcode);
    if (!isOurs(opcode)) beyond(described(opcode));
    if (opcode >= 0x02 && opcode <= 0x04) this.#blockType();
    else if (opcode === 0x0e) cursor.items(() => cursor.u32());
    if (opcode === 0x11) {
      cursor.u32();
      this.#zero("several tables (reference types)");
    } else if ([0x0c, 0x0d, 0x0e, 0x10].includes(opcode) || (opcode >= 0x20 && opcode <= 0x24)) {
      cursor.u32();
    } else if (opcode >= 0x28 && opcode <= 0x3e) {
      if (cursor.u32() >= 0x40) beyond("several memories");
      cursor.leb(false);
    } else if (opcode === 0x3f || opcode === 0x40) this.#zero("several memories");
    else if (opcode >= 0x41 && opcode <= 0x44) this.#number(opcode);
  }

  #blockType(): void {
    const first = this.#cursor.bytes[this.#cursor.at] ?? 0;
    if (first === 0x40) this.#cursor.at++;
    else if (first > 0x40 && first < 0x80) this.#valueType();
    else this.#cursor.leb(true);
  }

  #prefixed(prefix: number): void {
    const opcode = prefix * 0x100 + this.#cursor.u32();
    if (opcode < 0xfc00 || opcode > 0xfc0e) beyond(described(opcode));
    if ([0xfc08, 0xfc09, 0xfc0c, 0xfc0d].includes(opcode)) this.#cursor.u32();
    const zeros = ZEROS[opcode] ?? 0;
    const several = opcode >= 0xfc0c ? "several tables (reference types)" : "several memories";
    for (let zero = 0; zero < zeros; zero++) this.#zero(several);
  }

  /** What was one reserved zero byte before there could be several of a kind. */
  #zero(feature: string): void {
    if (this.#cursor.byte() !== 0) beyond(feature);
  }
}

function isOurs(opcode: number): boolean {
  return (
    opcode <= 0x05 ||
    (opcode >= 0x0b && opcode <= 0x11) ||
    [0x1a, 0x1b].includes(opcode) ||
    (opcode >= 0x20 && opcode <= 0x24) ||
    (opcode >= 0x28 && opcode <= 0xc4)
  );
}

function described(opcode: number): string {
  const proposal = PROPOSALS.findLast(([first]) => first <= opcode)?.[1] ?? "unknown";
  return `opcode 0x${hex(opcode)} (${proposal})`;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}
