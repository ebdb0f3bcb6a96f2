/**
 * The verbs of the command, with their flags and help.
 *
 * @module
 */
import { Command } from "commander";
import { addInsightFlags } from "#worker/cli/insight-flags.ts";
import { addAccountFlags, addNetworkFlags } from "#worker/cli/network-flags.ts";
import type { CallFlags } from "#worker/cli/commands/call.ts";
import type { CheckFlags } from "#worker/cli/commands/check.ts";
import type { TestFlags } from "#worker/cli/commands/test.ts";
import type { DeployFlags } from "#worker/cli/commands/deploy.ts";
import type { EndFlags, UpgradeFlags } from "#worker/cli/commands/upgrade.ts";
import { packageVersion } from "#worker/cli/package.ts";
import { collect } from "#worker/cli/usage.ts";
import { verb } from "#worker/cli/verb.ts";

type Finish = (exitCode: number) => void;

const EPILOGUE = `
Exit codes: 0 ok, 1 the contract failed, 2 usage, 3 refused by trust policy,
4 unreachable or timed out, 5 anything else. hermetic explain CODE says more.`;

/** @param finish - Called with the exit code of the verb that ran. */
export function createProgram(finish: Finish): Command {
  const program = new Command("hermetic")
    .description(
      "Confidential smart contracts: write, test, deploy and call them, or run a worker.",
    )
    .version(packageVersion, "-V, --version")
    .helpCommand(false)
    .addHelpText("after", EPILOGUE);
  addAuthoring(program, finish);
  addCalling(program, finish);
  addOwning(program, finish);
  addOperating(program, finish);
  return program;
}

function addAuthoring(program: Command, finish: Finish): void {
  const create = program.command("new").argument("[directory]");
  create.description("make a project that builds and passes its tests");
  create.option("--template <name>", "what to start from");
  verb(create, finish, async () => (await import("#worker/cli/commands/new.ts")).newProject);

  const build = program.command("build").argument("[entry]", "a contract's file, or a directory");
  build.description("build contracts to components, ABI files and source maps");
  build.option("--out <dir>", "where to write; ./build if left out");
  build.option("--verify <hash>", "write nothing; fail unless a contract builds to this code hash");
  verb(build, finish, async () => (await import("#worker/cli/commands/build.ts")).buildContracts);

  const check = program.command("check").argument("[entry]", "a contract's file, or a directory");
  check.description("build contracts without writing, and compare what they store");
  addAccountFlags(check)
    .option("--against <what>", "a .wasm, an .abi.json, a directory of them, or an address")
    .option("--accept-loss", "show what would be lost, and let it pass");
  verb<CheckFlags>(
    check,
    finish,
    async () => (await import("#worker/cli/commands/check.ts")).checkContracts,
  );

  const test = program
    .command("test")
    .argument("[filters...]", "only files whose path contains one");
  test.description("run the project's tests");
  test.option("--watch", "run tests again whenever a file that they are made of is saved");
  test.option("--record", "ask the real web and write recordings of HTTP anew");
  addInsightFlags(test);
  verb<TestFlags>(
    test,
    finish,
    async () => (await import("#worker/cli/commands/test.ts")).runTests,
  );

  const dev = program.command("dev").argument("[entry]", "a contract's file, or a directory");
  dev.description("run a local worker, and build and deploy contracts as they change");
  verb(dev, finish, async () => (await import("#worker/cli/commands/dev.ts")).develop);
}

function addCalling(program: Command, finish: Finish): void {
  const deploy = program
    .command("deploy")
    .argument("<wasm>")
    .argument("[args...]", "name=value each");
  deploy.description("deploy a built contract");
  addAccountFlags(deploy)
    .option("--args <json>", "arguments of the @init method")
    .option("--salt <hex>", "makes the address predictable; random if left out")
    .option("--secrets <file>", "JSON file of secrets that only the contract can read")
    .option("--gas-limit <gas>", "gas it may use at most");
  verb<DeployFlags>(deploy, finish, async () => {
    const { deployContract } = await import("#worker/cli/commands/deploy.ts");
    return (terminal, flags, path = "", ...pairs) => deployContract(terminal, flags, path, pairs);
  });

  for (const [name, kind, text] of [
    ["call", "command", "run a command of a contract"],
    ["query", "query", "ask a query of a contract"],
  ] as const) {
    const command = program.command(name);
    command.argument("<address>").argument("[method]").argument("[args...]", "name=value each");
    command.description(`${text}; without a method, list them`);
    addAccountFlags(command)
      .option("--abi <file>", "the contract's .abi.json or .wasm")
      .option("--args <json>", "arguments, by name or in order")
      .option("--gas-limit <gas>", "gas it may use at most");
    if (kind === "command") command.option("--estimate", "change nothing: say what it would cost");
    if (kind === "query") addQueryFlags(command);
    verb<CallFlags>(command, finish, async () => {
      const { callMethod } = await import("#worker/cli/commands/call.ts");
      return (terminal, flags, address = "", method, ...pairs) => {
        return callMethod(terminal, kind, flags, address, method, pairs);
      };
    });
  }

  addLooking(program, finish);
}

function addQueryFlags(command: Command): void {
  command
    .option("--at-least <height>", "refuse an answer from before")
    .option("--record <file>", "ask a fork instead of a worker, and write what the web answers")
    .option(
      "--fork <dir>",
      "with --record: data of a worker that is stopped; .hermetic/data if left out",
    )
    .option("--secrets <file>", "with --record: JSON file of the contract's secrets, to name them");
}

/** What shows, and makes nothing but keys. */
function addLooking(program: Command, finish: Finish): void {
  const look = program.command("inspect").argument("<target>", "a .wasm, an address, or a URL");
  look.description("show what a component, a contract or a worker is");
  verb(
    addNetworkFlags(look).option("--key <file>", "as the owner of a contract, see what it planned"),
    finish,
    async () => (await import("#worker/cli/commands/inspect.ts")).inspect,
  );

  const verify = program
    .command("verify")
    .argument("<address>")
    .argument("[source]", "a .wasm, a contract's file, or a directory");
  verify.description("fail unless a contract runs exactly this code");
  verb(
    addNetworkFlags(verify),
    finish,
    async () => (await import("#worker/cli/commands/verify.ts")).verifyContract,
  );

  const keys = program.command("keys").description("make and show keys");
  const make = keys.command("new").description("make a key file");
  make.option("--out <file>", "where to write it; never overwrites");
  verb(make, finish, async () => (await import("#worker/cli/commands/keys.ts")).keysNew);
  const show = keys
    .command("show")
    .argument("<file>")
    .description("show the account of a key file");
  verb(show, finish, async () => (await import("#worker/cli/commands/keys.ts")).keysShow);
}

/** What the owner of a contract does to it. */
function addOwning(program: Command, finish: Finish): void {
  const upload = program.command("upload").argument("<wasm>");
  upload.description("give code to the cluster, for contracts to come");
  verb(
    addAccountFlags(upload),
    finish,
    async () => (await import("#worker/cli/commands/upload.ts")).uploadCode,
  );

  const upgrade = program
    .command("upgrade")
    .argument("<address>")
    .argument("<wasm>")
    .argument("[args...]", "name=value each");
  upgrade.description("give a contract new code; for its owner");
  addAccountFlags(upgrade)
    .option("--args <json>", "arguments of the @migrate method")
    .option("--accept-loss", "upgrade even if stored state becomes unreadable")
    .option("--gas-limit <gas>", "gas it may use at most");
  verb<UpgradeFlags>(upgrade, finish, async () => {
    const { upgradeContract } = await import("#worker/cli/commands/upgrade.ts");
    return (terminal, flags, address = "", path = "", ...pairs) =>
      upgradeContract(terminal, flags, address, path, pairs);
  });

  for (const [op, text] of [
    ["freeze", "make a contract unchangeable for ever; for its owner"],
    ["destroy", "end a contract and remove its state; for its owner"],
  ] as const) {
    const end = program.command(op).argument("<address>").description(text);
    addAccountFlags(end).option("--yes", "do it: nothing takes it back");
    verb<EndFlags>(end, finish, async () => {
      const { endContract } = await import("#worker/cli/commands/upgrade.ts");
      return (terminal, flags, address = "") => endContract(terminal, op, flags, address);
    });
  }
}

function addOperating(program: Command, finish: Finish): void {
  const worker = program.command("worker").description("run a worker");
  worker
    .option("--data <dir>", "its data directory; created at the first start")
    .option("--listen <host:port>", "port 0 picks a free one")
    .option(
      "--grant-egress <target>",
      "at creation: let contracts reach CIDR or HOST[:PORT]",
      collect,
    )
    .option("--extra-root <pem>", "at creation: trust this certificate for HTTPS", collect)
    .option("--rebuild", "make snapshots and deltas anew from the log")
    .option("--tick <ms>", "let planned calls run when nothing came for so long; 0 for never");
  verb(worker, finish, async () => (await import("#worker/cli/commands/worker.ts")).runWorker);

  const explain = program.command("explain").argument("[code]", "such as HRM1301 or OUT_OF_GAS");
  explain.description("say what an error code means; without a code, list all");
  verb(explain, finish, async () => (await import("#worker/cli/commands/explain.ts")).explainCode);

  const doctor = program.command("doctor").description("check this machine");
  verb(doctor, finish, async () => (await import("#worker/cli/commands/doctor.ts")).checkMachine);
}
