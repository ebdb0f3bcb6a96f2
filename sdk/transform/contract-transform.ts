/**
 * The transform: what happens to a program between parsing and compiling.
 *
 * It runs inside this process, on the author's own files; nothing of it reaches the enclave.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { Abi } from "#protocol/abi.ts";
import { describe } from "./abi.ts";
import { addImport, decoratorOf } from "./ast.ts";
import { extendedOf } from "./bases.ts";
import { BuildError } from "./build-error.ts";
import { Comments } from "./comments.ts";
import { readContract, reentrantMethods, type ContractClass } from "./contract-class.ts";
import { addCode, entryCode } from "./contract-code.ts";
import { keepBodies, methodsOf, type Culprit } from "./crash.ts";
import { checkDecorators } from "./decorators.ts";
import { diagnosticOf } from "./diagnostic.ts";
import { checkEmits } from "./emits.ts";
import { COVERAGE_NAME } from "./probes/hits.ts";
import { FileInstrument } from "./probes/instrument.ts";
import type { ProbeMap } from "./probes/probe-map.ts";
import type { FunctionSpan } from "./function-span.ts";
import { checkGlobals } from "./forgotten-globals.ts";
import { functionSpans } from "./function-spans.ts";
import { nameImports } from "./host-imports.ts";
import { rewriteLoops } from "./loops.ts";
import { checkLostWrites } from "./lost-writes.ts";
import { checkMadeByHand } from "./made-by-hand.ts";
import { rewriteNullChecks } from "./null-checks.ts";
import type { Problem } from "./problem.ts";
import { addCodecs, readRecord, type RecordClass } from "./records.ts";
import { recursiveFunctions } from "./recursion.ts";
import { RemoteCalls } from "./remote-calls.ts";
import { reportTo, type Report } from "./report.ts";
import { Scope } from "./scope.ts";
import { checkStaleReads } from "./stale-reads.ts";
import { rewriteThrows } from "./throws.ts";
import { checkMinus } from "./unguarded-minus.ts";
import type { World } from "./world.ts";

const SDK = "~lib/hermetic/contract/";
const HOST_IMPORTS = `${SDK}imports`;

export interface TransformOptions {
  /** Internal path of the contract's file: its normalised path without `.ts`. */
  readonly entry: string;
  readonly world: World;
  /** Whether the build counts what runs. */
  readonly covers: boolean;
  /** Whether a file is neither the SDK's nor the standard library's. */
  readonly isAuthored: (internalPath: string) => boolean;
  /** The methods that keep their bodies, by number; all of them if undefined. */
  readonly kept?: ReadonlySet<number> | undefined;
}

export class ContractTransform {
  readonly problems: Problem[] = [];
  /** What builds, and is probably not meant. */
  readonly warnings: Problem[] = [];
  contract: ContractClass | undefined;
  /** The methods of all its classes with their places. */
  methods: readonly Culprit[] = [];
  abi: Abi | undefined;
  /** What a coverage build counts; files by their path inside the program. */
  probes: ProbeMap | undefined;
  /** The author's functions, as they stand in the files. */
  spans: readonly FunctionSpan[] = [];

  readonly #program: asc.Program;
  readonly #options: TransformOptions;
  readonly #comments = new Comments();
  readonly #report: Report = reportTo(this.problems);
  #records: readonly RecordClass[] = [];
  #recursive: readonly string[] = [];

  /**
   * Must run before anything is parsed: comments are offered only then.
   *
   * @throws {@link BuildError} `HRM3005` if the program comes from another copy of the compiler.
   */
  constructor(program: asc.Program, options: TransformOptions) {
    // With two copies of the compiler every `instanceof` would be false and nothing would happen.
    if (!(program instanceof asc.Program)) {
      throw new BuildError([diagnosticOf("HRM3005", "two copies of 'assemblyscript' are loaded")]);
    }
    this.#program = program;
    this.#options = options;
    this.#comments.listen(program.parser);
  }

  /** Rewrites the syntax tree; new files may be asked for afterwards. */
  afterParse(): void {
    const { parser } = this.#program;
    const authors = this.authored();
    this.spans = authors.flatMap(functionSpans);
    const own = authors.filter(({ internalPath }) => !internalPath.startsWith("~lib/"));
    const covered = this.#options.covers ? this.#cover(own) : [];
    const scope = new Scope(authors);
    this.#recursive = recursiveFunctions(authors);
    const touched = new Set<asc.Source>();
    const declarations = authors.flatMap(({ statements }) => classesIn(statements));
    this.#records = declarations
      .map((declaration) => readRecord(declaration, scope, this.#report))
      .filter((record) => record !== undefined);
    addCodecs(this.#records, extendedOf(declarations, scope));
    for (const each of this.#records.flatMap(({ lineage }) => lineage)) {
      touched.add(each.range.source);
    }
    const declaration = this.#contractDeclaration(declarations);
    const remote = new RemoteCalls(this.#program, scope, declaration, this.#report);
    for (const source of authors) {
      checkDecorators(source, this.#report);
      checkEmits(source, scope, this.#report);
      rewriteLoops(source);
      rewriteNullChecks(source);
      if (rewriteThrows(source, scope, this.#report)) touched.add(source);
      remote.rewrite(source);
    }
    for (const source of remote.touched) touched.add(source);
    if (declaration) {
      this.contract = readContract(declaration, scope, this.#report);
      this.methods = methodsOf(this.contract);
      if (this.#options.kept) keepBodies(this.contract, this.#options.kept);
      checkLostWrites(this.contract, this.#report);
      checkStaleReads(this.contract, this.#report);
      const warn = reportTo(this.warnings);
      checkMinus(this.contract, warn);
      for (const source of own) checkGlobals(source, warn);
      if (this.contract.methods.length === 0) {
        warn("HRM3125", declaration.name, `nothing of '${declaration.name.text}' can be called`);
      }
      const parts = this.contract.parts.map((part) => part.declaration);
      for (const source of authors) checkMadeByHand(source, parts, scope, this.#report);
      for (const part of this.contract.parts) touched.add(part.declaration.range.source);
      if (this.problems.length === 0) addCode(this.contract);
    }
    if (this.problems.length > 0 || !declaration || !this.contract) return;
    for (const coverage of covered) coverage.apply();
    if (covered.length > 0) {
      const code = `import * as ${COVERAGE_NAME} from "hermetic/contract/coverage";`;
      for (const source of own) addImport(this.#program, source, code);
    }
    for (const source of touched) {
      addImport(this.#program, source, 'import * as __hermetic from "hermetic/contract/runtime";');
    }
    const { entry } = this.#options;
    const file = entry.slice(entry.lastIndexOf("/") + 1);
    const isReentrant = reentrantMethods(this.contract).length > 0;
    const code = entryCode(declaration.name.text, file, isReentrant);
    parser.parseFile(code, `${entry}.hermetic.ts`, true);
  }

  /** Finds out what there is to count; nothing is rewritten yet. */
  #cover(authors: readonly asc.Source[]): FileInstrument[] {
    let count = 0;
    const covered = authors.map((source) => new FileInstrument(source, () => count++));
    const files = covered.map((coverage, index) =>
      coverage.probes(authors[index]?.normalizedPath ?? ""),
    );
    this.probes = { count, files };
    return covered;
  }

  /** The files that may hold decorated classes. */
  authored(): asc.Source[] {
    return this.#program.parser.sources.filter(({ internalPath }) =>
      this.#options.isAuthored(internalPath),
    );
  }

  /** What the compiler calls the functions that are not to be inlined anywhere. */
  functionsKeptApart(): string[] {
    const { contract } = this;
    if (!contract) return [];
    const methods = contract.parts.flatMap(({ declaration, methods: own }) => {
      const path = `${declaration.range.source.internalPath}/${declaration.name.text}`;
      const generic = declaration.typeParameters ? "*" : "";
      return own.map(({ name }) => `${path}${generic}#${name}`);
    });
    return [...methods, ...this.#recursive];
  }

  #contractDeclaration(
    declarations: readonly asc.ClassDeclaration[],
  ): asc.ClassDeclaration | undefined {
    const own = declarations.filter(
      (each) =>
        each.range.source.internalPath === this.#options.entry && decoratorOf(each, "contract"),
    );
    const [declaration, second] = own;
    if (second) this.#report("HRM3004", second.name, "there is another @contract in this file");
    if (!declaration) this.#reportMissing();
    return declaration;
  }

  #reportMissing(): void {
    const entry = this.authored().find((each) => each.internalPath === this.#options.entry);
    for (const statement of entry?.statements ?? []) {
      if (!(statement instanceof asc.ExportDefaultStatement)) continue;
      const { declaration } = statement;
      if (!decoratorOf(declaration, "contract")) continue;
      const name = declaration.name.text;
      return this.#report(
        "HRM3101",
        declaration.name,
        `the contract '${name}' is a default export`,
      );
    }
    this.#report("HRM3003", null, "the file holds no @contract class");
  }

  /** Names the host functions, once the SDK itself has been parsed. */
  beforeInitialize(): void {
    for (const source of this.#program.parser.sources) {
      if (source.internalPath === HOST_IMPORTS) nameImports(source, this.#options.world);
    }
  }

  /** Reads the ABI off the resolved types. */
  afterInitialize(): void {
    if (!this.contract) return;
    this.abi = describe({
      program: this.#program,
      contract: this.contract,
      records: this.#records,
      docOf: (node) => this.#comments.of(node),
      report: this.#report,
    });
  }
}

/** The classes of a file, those in namespaces included; interfaces are a kind of class to the compiler. */
function classesIn(statements: readonly asc.Statement[]): asc.ClassDeclaration[] {
  return statements.flatMap((statement) => {
    if (statement instanceof asc.NamespaceDeclaration) return classesIn(statement.members);
    if (statement instanceof asc.InterfaceDeclaration) return [];
    return statement instanceof asc.ClassDeclaration ? [statement] : [];
  });
}
