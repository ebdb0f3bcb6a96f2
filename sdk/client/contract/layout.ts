/**
 * Compares the stored layouts of two versions of a contract, by their ABIs.
 *
 * The enclave stores bytes and knows no types: new code that reads a field as another type would panic,
 * and a field that is gone would be forgotten. Both are found here, before the upgrade is sent.
 *
 * @module
 */
import type { Abi, AbiField, AbiStateField, AbiType } from "#protocol/abi.ts";
import { dataOf, migrateOf } from "#sdk/client/abi/lookup.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

export interface LayoutChange {
  /** Name under which it is stored. */
  readonly field: string;
  readonly change: "added" | "removed" | "changed";
  /** As in the contract's source; empty where there is none. */
  readonly before: string;
  readonly after: string;
  /** Whether what is stored cannot be read, or is not read any more. */
  readonly isLossy: boolean;
}

/** Every field that is not as it was, those of the old version first. */
export function compareLayouts(before: Abi, after: Abi): LayoutChange[] {
  const old = before.state.flatMap((field) => {
    const now = after.state.find(({ name }) => name === field.name);
    const change = now === undefined ? removed(before, field) : changed(before, field, after, now);
    return change === undefined ? [] : [change];
  });
  const known = new Set(before.state.map(({ name }) => name));
  const added = after.state.filter(({ name }) => !known.has(name));
  return [
    ...old,
    ...added.map((field): LayoutChange => ({
      field: field.name,
      change: "added",
      before: "",
      after: fieldText(after, field),
      isLossy: false,
    })),
  ];
}

/** `- total: u64`, `+ factor: u64` or `~ total: u64 -> string`; `!` marks what loses data. */
export function layoutLine({ field, change, before, after, isLossy }: LayoutChange): string {
  const mark = isLossy ? "!" : " ";
  if (change === "added") return `${mark} + ${field}: ${after}`;
  if (change === "removed") return `${mark} - ${field}: ${before}`;
  return `${mark} ~ ${field}: ${before} -> ${after}`;
}

/**
 * Refuses what would lose stored state without a word.
 *
 * @param after - The new interface; with a `@migrate` method it has an answer of its own to every change.
 * @throws {@link HermeticError} `LAYOUT_CHANGED` that names each field.
 */
export function refuseLoss(after: Abi, layout: readonly LayoutChange[]): void {
  const lossy = layout.filter(({ isLossy }) => isLossy);
  if (lossy.length === 0 || migrateOf(after) !== undefined) return;
  throw clientError("LAYOUT_CHANGED", lossy.map((each) => layoutLine(each).trim()).join("; "));
}

function removed(abi: Abi, field: AbiStateField): LayoutChange {
  const before = fieldText(abi, field);
  return { field: field.name, change: "removed", before, after: "", isLossy: true };
}

function changed(
  oldAbi: Abi,
  old: AbiStateField,
  newAbi: Abi,
  now: AbiStateField,
): LayoutChange | undefined {
  const before = fieldText(oldAbi, old);
  const after = fieldText(newAbi, now);
  if (before === after) return undefined;
  const reading = new Reading(oldAbi, newAbi);
  const isReadable =
    old.kind === now.kind &&
    reading.isSameKey(old.key, now.key) &&
    keepsIndexes(oldAbi, old, newAbi, now) &&
    reading.isSafe(old.type, now.type);
  return { field: old.name, change: "changed", before, after, isLossy: !isReadable };
}

/** Whether no index holds values of another type now; one that is gone loses nothing that is stored. */
function keepsIndexes(oldAbi: Abi, old: AbiStateField, newAbi: Abi, now: AbiStateField): boolean {
  return (old.indexes ?? []).every(({ name, type }) => {
    const kept = now.indexes?.find((index) => index.name === name);
    if (kept?.type === undefined || type === undefined) return true;
    return typeText(oldAbi, type, []) === typeText(newAbi, kept.type, []);
  });
}

/** Whether new code reads what old code has stored. */
class Reading {
  readonly #before: Abi;
  readonly #after: Abi;
  /** Pairs of records that are being compared: a record may contain itself. */
  readonly #pending = new Set<string>();

  constructor(before: Abi, after: Abi) {
    this.#before = before;
    this.#after = after;
  }

  /** Whether every value of one type is a value of the other. */
  isSafe(old: AbiType | undefined, now: AbiType | undefined): boolean {
    if (old === undefined || now === undefined) return old === now;
    if (typeof now === "object" && "option" in now) {
      return this.isSafe(typeof old === "object" && "option" in old ? old.option : old, now.option);
    }
    if (typeof old === "string" || typeof now === "string") return old === now || widens(old, now);
    if ("list" in old && "list" in now) return this.isSafe(old.list, now.list);
    return "data" in old && "data" in now && this.#isRecordSafe(old.data, now.data);
  }

  /** Whether keys of one type are those of the other, byte for byte: they do not say how wide they are. */
  isSameKey(old: AbiType | undefined, now: AbiType | undefined): boolean {
    if (!isData(old) || !isData(now)) return old === now;
    const [from, to] = [
      dataOf(this.#before, old.data).fields,
      dataOf(this.#after, now.data).fields,
    ];
    return (
      from.length === to.length &&
      !isReordered(from, to) &&
      from.every(({ type }, index) => this.isSameKey(type, to[index]?.type))
    );
  }

  #isRecordSafe(old: string, now: string): boolean {
    const pair = `${old} ${now}`;
    if (this.#pending.has(pair)) return true;
    this.#pending.add(pair);
    const [from, to] = [dataOf(this.#before, old).fields, dataOf(this.#after, now).fields];
    return (
      from.length === to.length &&
      !isReordered(from, to) &&
      from.every(({ type }, index) => this.isSafe(type, to[index]?.type))
    );
  }
}

function isData(type: AbiType | undefined): type is { readonly data: string } {
  return typeof type === "object" && "data" in type;
}

/**
 * Whether a field has moved. Records are stored in the order of their fields, without names: fields that
 * changed places would be read as each other, even where their types are the same.
 */
function isReordered(from: readonly AbiField[], to: readonly AbiField[]): boolean {
  return from.some(({ name }, index) => {
    const now = to.findIndex((field) => field.name === name);
    return now >= 0 && now !== index;
  });
}

const widths: readonly (readonly AbiType[])[] = [
  ["u8", "u16", "u32", "u64"],
  ["i8", "i16", "i32", "i64"],
];

/** Integers are stored in as few bytes as they need, so a wider type reads a narrower one. */
function widens(old: AbiType, now: AbiType): boolean {
  return widths.some((list) => list.includes(old) && list.indexOf(now) > list.indexOf(old));
}

function fieldText(abi: Abi, { kind, key, type, indexes = [] }: AbiStateField): string {
  const value = typeText(abi, type, []);
  if (kind === "cell") return value;
  if (kind === "list") return `List<${value}>`;
  const name = typeText(abi, key, []);
  if (kind === "keyset") return `KeySet<${name}>`;
  if (kind !== "indexedmap") return `Mapping<${name}, ${value}>`;
  const by = indexes.map((index) => `${index.name}: ${typeText(abi, index.type, []) || "?"}`);
  return `IndexedMap<${name}, ${value}>${by.length > 0 ? ` by ${by.join(", ")}` : ""}`;
}

/** A type with the fields of its records, which are part of the layout. */
function typeText(abi: Abi, type: AbiType | undefined, within: readonly string[]): string {
  if (type === undefined) return "";
  if (typeof type === "string") return type;
  if ("list" in type) return `${typeText(abi, type.list, within)}[]`;
  if ("option" in type) return `${typeText(abi, type.option, within)} | null`;
  if (within.includes(type.data)) return type.data;
  const { fields } = dataOf(abi, type.data);
  const inner = [...within, type.data];
  const texts = fields.map(({ name, type: own }) => `${name}: ${typeText(abi, own, inner)}`);
  return `${type.data}(${texts.join(", ")})`;
}
