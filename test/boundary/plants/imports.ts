/**
 * Planted imports: across the boundary, upwards, around the alias.
 *
 * @module
 */
import { IMPORTS, NOT_FOUND, NOT_REFERENCED, plant, type Plant } from "./plant.ts";
import * as rules from "#test/tidy/rules.ts";

/**
 * Clean files for the import plants to reach for. The compiler reports a foreign file once per
 * project, so every plant has a victim of its own, named after it.
 */
export const victims: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...["value", "type", "dynamic", "import-type", "export"].map(
      (of) => `runtime/exec/victim-${of}`,
    ),
    ...["protocol", "client"].map((of) => `runtime/exec/victim-${of}`),
    ...["worker", "seal", "state", "parent"].map((of) => `host/vm/victim-${of}`),
    ...["functions"].map((of) => `worker/victim-${of}`),
    "worker/cli/victim-testing",
    ...["exec", "worker"].map((of) => `test/victim-${of}`),
  ].map((path) => [`${path}.ts`, "export const secret: number = 1;\nexport type Secret = number;"]),
);

export const imports: readonly Plant[] = [
  plant(
    "worker imports a value of runtime/exec",
    "worker/planted-value.ts",
    'import { secret } from "#exec/victim-value.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker imports a type of runtime/exec",
    "worker/planted-type.ts",
    'import type { Secret } from "#exec/victim-type.ts";\nexport const stolen: Secret = 1;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker imports runtime/exec by a literal import()",
    "worker/planted-dynamic.ts",
    'export const stolen: Promise<unknown> = import("#exec/victim-dynamic.ts");',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker names a type of runtime/exec in an import type",
    "worker/planted-import-type.ts",
    'export const stolen: import("#exec/victim-import-type.ts").Secret = 1;',
    { tsc: NOT_REFERENCED, tidy: rules.layerOrder },
  ),
  plant(
    "worker re-exports runtime/exec",
    "worker/planted-export.ts",
    'export { secret } from "#exec/victim-export.ts";',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker imports the host",
    "worker/planted-host.ts",
    'import { secret } from "#host/vm/victim-worker.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker/cli imports runtime/crypto, which its own imports may",
    "worker/cli/planted-crypto.ts",
    'import type { Primitives } from "#crypto/primitives.ts";\nexport type Stolen = Primitives;',
    { lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker imports by a computed import()",
    "worker/planted-computed.ts",
    'const where = ["#exec", "victim-value.ts"].join("/");\nexport const stolen: Promise<unknown> = import(where);',
    { tidy: rules.noComputedImport },
  ),
  plant(
    "runtime/protocol imports runtime/exec upwards",
    "runtime/protocol/planted-up.ts",
    'import { secret } from "#exec/victim-protocol.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "runtime/seal imports the host upwards",
    "runtime/seal/planted-up.ts",
    'import { secret } from "#host/vm/victim-seal.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "host/state imports host/vm upwards by a relative path",
    "host/state/planted-up.ts",
    'import { secret } from "../vm/victim-state.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, tidy: rules.layerOrder },
  ),
  plant(
    "host/functions imports the worker process",
    "host/functions/planted-worker.ts",
    'import { secret } from "#worker/victim-functions.ts";\nexport const taken: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.noWayOut },
  ),
  plant(
    "sdk/client imports runtime/exec",
    "sdk/client/planted-exec.ts",
    'import { secret } from "#exec/victim-client.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "sdk/client imports node:fs",
    "sdk/client/planted-node.ts",
    'import { readFileSync } from "node:fs";\nexport const read: unknown = readFileSync;',
    { tsc: NOT_FOUND, lint: IMPORTS },
  ),
  plant(
    "sdk/testing imports the worker process",
    "sdk/testing/planted-worker.ts",
    'import { secret } from "#worker/cli/victim-testing.ts";\nexport const taken: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS },
  ),
  plant(
    "runtime/exec imports a test helper",
    "runtime/exec/planted-test.ts",
    'import { secret } from "#test/victim-exec.ts";\nexport const taken: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.noWayOut },
  ),
  plant(
    "worker imports a test helper",
    "worker/planted-test.ts",
    'import { secret } from "#test/victim-worker.ts";\nexport const taken: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.noWayOut },
  ),
  plant(
    "runtime/seal leaves its top folder by ../",
    "runtime/seal/planted-parent.ts",
    'import { secret } from "../../host/vm/victim-parent.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.relativeStaysInside },
  ),
  plant(
    "worker leaves its top folder by ../",
    "worker/planted-parent.ts",
    'import { Fault } from "../runtime/protocol/fault.ts";\nexport const found: unknown = Fault;',
    { lint: IMPORTS, tidy: rules.relativeStaysInside },
  ),
];
