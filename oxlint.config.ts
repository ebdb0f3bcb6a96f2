/**
 * Lint rules, and the import rules of the project as one table: who may import what.
 *
 * The compiler already refuses a folder that is not referenced; this file adds what it cannot see:
 * npm packages, globals, cycles, promises and size. `test/boundary` plants a violation of each.
 *
 * @module
 */
import type { OxlintConfig } from "oxlint";

type Override = NonNullable<OxlintConfig["overrides"]>[number];
interface Layer {
  readonly folder: string;
  readonly alias: string;
  readonly packages: readonly string[];
}
type Rules = NonNullable<OxlintConfig["rules"]>;

/** The trusted folders from low to high, and the packages each may use. A layer imports only lower ones. */
const layers: readonly Layer[] = [
  { folder: "runtime/protocol", alias: "#protocol", packages: ["msgpackr"] },
  { folder: "runtime/crypto", alias: "#crypto", packages: [] },
  { folder: "runtime/attest", alias: "#attest", packages: [] },
  { folder: "runtime/seal", alias: "#seal", packages: [] },
  { folder: "host/state", alias: "#host/state", packages: [] },
  { folder: "host/vm", alias: "#host/vm", packages: [] },
  { folder: "host/http", alias: "#host/http", packages: [] },
  { folder: "host/functions", alias: "#host/functions", packages: [] },
  { folder: "runtime/session", alias: "#session", packages: [] },
  { folder: "runtime/exec", alias: "#exec", packages: [] },
  { folder: "runtime/platform", alias: "#platform", packages: enclaveBuiltins() },
];

/** All that the enclave takes from Node: no child process, no worker threads, no database. */
function enclaveBuiltins(): string[] {
  const names = ["buffer", "crypto", "events", "fs", "http", "net", "process", "stream", "tls"];
  return [...names, "util", "zlib"].map((name) => `node:${name}`);
}

/** Modules of which only a part may be imported, by anybody whose list has them at all. */
const partly = [
  {
    name: "node:fs",
    allowImportNames: ["readFileSync"],
    message: "The enclave reads its own bundle, to measure it, and nothing else.",
  },
];

const node = ["node:*", "node:*/*"];
const trustedAliases = layers.map((layer) => `${layer.alias}/**`);

/** Everything else, from special to general: a later row for the same file wins. */
const areas: readonly { files: string; may: readonly string[]; why: string }[] = [
  {
    files: "runtime/crypto/portable/**/*.ts",
    may: ["#protocol/**", "#crypto/**", "@noble/**", "@scure/sr25519"],
    why: "The portable half of crypto is built on @noble and @scure alone.",
  },
  {
    files: "worker/**/*.ts",
    may: [...node, "#protocol/**", "#worker/**"],
    why: "The worker process imports #protocol and packages, never another trusted folder.",
  },
  {
    files: "worker/bundle/**/*.ts",
    may: [...node, "#worker/**", "rolldown"],
    why: "The bundler reads trusted code as text and never runs it.",
  },
  {
    files: "worker/cli/**/*.ts",
    may: [
      ...node,
      "#protocol/**",
      "#worker/**",
      "#sdk/client/**",
      "#sdk/transform/**",
      "#sdk/testing/recording/recorder.ts",
      "commander",
      "@clack/prompts",
      "@jridgewell/trace-mapping",
    ],
    why: "The command imports #protocol, the worker process, the client, the compiler and the recorder.",
  },
  {
    files: "sdk/client/**/*.ts",
    may: ["#protocol/**", "#crypto/**", "#sdk/client/**"],
    why: "The client imports #protocol and the portable #crypto; it runs in browsers too.",
  },
  {
    files: "sdk/transform/**/*.ts",
    may: [
      ...node,
      "#protocol/**",
      "#sdk/transform/**",
      "assemblyscript",
      "assemblyscript/**",
      "@bytecodealliance/jco-transpile",
      "@bytecodealliance/jco-transpile/**",
      "@jridgewell/trace-mapping",
    ],
    why: "hermetic/build imports #protocol and the compiler's packages.",
  },
  {
    files: "sdk/testing/**/*.ts",
    may: [
      ...node,
      ...trustedAliases,
      "#sdk/**",
      "@assemblyscript/loader",
      "vitest",
      "vitest/**",
      "vite",
      "fast-check",
    ],
    why: "hermetic/testing imports the enclave, the SDK and its test tools, never the worker process.",
  },
  {
    files: "sdk/testing/fork/**/*.ts",
    may: [...node, ...trustedAliases, "#sdk/**", "#worker/**"],
    why: "A fork reads a data directory by the worker's own code; it runs none of its processes.",
  },
  {
    files: "sdk/testing/recording/**/*.ts",
    may: [...node, ...trustedAliases, "#sdk/**", "#worker/egress/**"],
    why: "A recording asks the web by the worker's own egress; it runs none of its processes.",
  },
];

const CLOCK = "Time comes in as an argument; only runtime/platform reads a clock.";
const TIMER = "Deadlines come in as a power; only runtime/platform owns timers.";
const NODE = "Only runtime/platform knows Node.";
const EGRESS = "Egress comes in as a power: raw TCP by way of the worker process.";
const AMBIENT = "It reaches every power there is, unseen by these rules.";
const CODE = "The enclave never makes code from text.";
const TIMING = "Its result depends on timing or on garbage collection.";
const LOCALE = "Locale data differs between machines.";

/** Globals that no trusted file may name. */
const bannedInEnclave: Readonly<Record<string, string>> = {
  ...spread(["globalThis", "global", "self"], AMBIENT),
  ...spread(["fetch", "WebSocket", "EventSource", "XMLHttpRequest"], EGRESS),
  ...spread(["eval", "Function"], CODE),
  ...spread(["Worker", "WeakRef", "FinalizationRegistry", "Atomics", "SharedArrayBuffer"], TIMING),
};

/** Globals that only `runtime/platform` may name, which turns them into arguments. */
const bannedBelowPlatform: Readonly<Record<string, string>> = {
  ...bannedInEnclave,
  ...spread(["Date", "Temporal", "performance"], CLOCK),
  ...spread(["setTimeout", "setInterval", "setImmediate"], TIMER),
  ...spread(["process", "Buffer", "require", "console", "navigator"], NODE),
  ...spread(["crypto"], "Entropy and primitives come in as arguments."),
  ...spread(["Intl"], LOCALE),
};

const bannedInClient: Readonly<Record<string, string>> = spread(
  ["process", "Buffer", "require", "global", "window", "document", "localStorage"],
  "The client runs in browsers and in Node.",
);

const localeMethods = ["toLocaleString", "toLocaleLowerCase", "toLocaleUpperCase", "localeCompare"];

function spread(names: readonly string[], message: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, message]));
}

function restrictedGlobals(table: Readonly<Record<string, string>>): Rules {
  const list = Object.entries(table).map(([name, message]) => ({ name, message }));
  return { "no-restricted-globals": ["error", ...list] };
}

/**
 * Only what is listed may be imported. One ordered group: all is refused, some is taken back, and
 * paths into another top folder are refused again. A second group would be cancelled by this one's
 * negations.
 */
function restrictedImports(
  may: readonly string[],
  message: string,
  paths: typeof partly = [],
): Rules {
  const tops = ["runtime", "host", "worker", "sdk", "contracts", "templates", "test"];
  const group = [
    "**",
    "!./**",
    "!../**",
    ...tops.map((top) => `../**/${top}/**`),
    ...may.map((path) => `!${path}`),
  ];
  return { "no-restricted-imports": ["error", { paths, patterns: [{ group, message }] }] };
}

function layerOverride({ folder, packages }: Layer, index: number): Override {
  const aliases = trustedAliases.slice(0, index + 1);
  return {
    files: [`${folder}/**/*.ts`],
    rules: restrictedImports(
      [...aliases, ...packages],
      `${folder} imports itself, lower layers and its own list of packages.`,
      partly,
    ),
  };
}

const config: OxlintConfig = {
  plugins: ["typescript", "import", "unicorn", "oxc"],
  categories: { correctness: "error" },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: "error" },
  // AssemblyScript is not TypeScript: `hermetic build` looks after it.
  ignorePatterns: [
    "contracts/**/*.ts",
    "!contracts/**/*.test.ts",
    "!contracts/demo/start.ts",
    "sdk/contract",
    "templates",
    "**/fixtures/**",
    "test/*/**/contracts/**",
    "dist",
    "build",
  ],
  rules: {
    eqeqeq: "error",
    radix: "error",
    "no-var": "error",
    "prefer-const": "error",
    "no-empty": "error",
    "no-eval": "error",
    "no-new-func": "error",
    "no-else-return": "error",
    "no-extend-native": "error",
    "no-proto": "error",
    "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "import/no-default-export": "error",
    "import/no-duplicates": "error",
    "import/no-dynamic-require": "error",
    "import/no-mutable-exports": "error",
    "import/no-self-import": "error",
    "typescript/await-thenable": "error",
    "typescript/ban-ts-comment": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-implied-eval": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-namespace": "error",
    "typescript/no-require-imports": "error",
    "typescript/no-unnecessary-type-assertion": "error",
    "typescript/only-throw-error": "error",
    "typescript/prefer-promise-reject-errors": "error",
    "typescript/no-misused-spread": "off",
    "typescript/restrict-template-expressions": "off",
    "typescript/unbound-method": "off",
    "typescript/return-await": ["error", "error-handling-correctness-only"],
    "typescript/switch-exhaustiveness-check": [
      "error",
      { considerDefaultExhaustiveForUnions: true },
    ],
    // Byte sequences read better in groups: `[...[I32_CONST, 1], ...[END]]`.
    "unicorn/no-useless-spread": "off",
  },
  overrides: [
    {
      files: ["runtime/**/*.ts", "host/**/*.ts"],
      rules: {
        ...restrictedGlobals(bannedBelowPlatform),
        "no-restricted-properties": [
          "error",
          { object: "Math", property: "random", message: "Randomness comes in as an argument." },
          ...localeMethods.map((property) => ({ property, message: LOCALE })),
        ],
      },
    },
    { files: ["runtime/platform/**/*.ts"], rules: restrictedGlobals(bannedInEnclave) },
    { files: ["sdk/client/**/*.ts"], rules: restrictedGlobals(bannedInClient) },
    ...layers.map(layerOverride),
    ...areas.map(({ files, may, why }) => ({
      files: [files],
      rules: restrictedImports(may, why),
    })),
    {
      files: ["test/**/*.ts", "contracts/**/*.test.ts"],
      plugins: ["typescript", "import", "unicorn", "oxc", "vitest"],
      rules: {
        "max-lines-per-function": "off",
        "vitest/expect-expect": "off",
        "vitest/no-disabled-tests": "error",
        "vitest/no-focused-tests": "error",
        "vitest/no-identical-title": "error",
        "vitest/require-mock-type-parameters": "off",
      },
    },
    {
      files: ["*.config.ts", "test/setup.ts", "test/ci/reporter.ts"],
      rules: { "import/no-default-export": "off" },
    },
  ],
};

export default config;
