/**
 * What `hermetic/contract` exports: names that an author may have forgotten to import.
 *
 * @module
 */
export const offeredNames: readonly string[] = [
  "Account",
  "Answer",
  "Arguments",
  "Command",
  "Entry",
  "IndexedMap",
  "Indexes",
  "Json",
  "KeySet",
  "Level",
  "List",
  "Mapping",
  "Page",
  "Query",
  "Request",
  "Response",
  "Retries",
  "Scheme",
  "bytes",
  "checked",
  "contracts",
  "crypto",
  "ctx",
  "emit",
  "http",
  "log",
  "schedule",
  "secrets",
  "u128",
  "u256",
  "utf8",
];
