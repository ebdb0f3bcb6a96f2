/**
 * From any error to what the command says about it: a code, words, and the exit code.
 *
 * Exit codes: 1 the contract failed, 2 usage, 3 refused by trust policy, 4 unreachable or timed out,
 * 5 anything else.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import { faults, readableCode } from "#protocol/faults.ts";
import { fieldsToJson, type Json } from "#sdk/client/abi/json.ts";
import type { ErrorKind } from "#sdk/client/errors/client-errors.ts";
import { ContractError } from "#sdk/client/errors/contract-error.ts";
import { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
import { explain } from "#sdk/client/explain.ts";
import { BuildError } from "#sdk/transform/build-error.ts";
import { OutputError } from "#sdk/transform/output-error.ts";
import { shown, shownLines } from "#worker/cli/terminal.ts";
import { type WorkerCode, workerCodes } from "#worker/codes.ts";
import { withReason, WorkerError } from "#worker/error.ts";

export interface Failure {
  readonly exitCode: 1 | 2 | 3 | 4 | 5;
  /** `HRM` and four digits. */
  readonly code: string;
  /** The name of the contract's error, or of the code. */
  readonly name: string;
  /** Fields of the contract's error, or the numbers of a fault. */
  readonly args: Json;
  /** What happened, in words. */
  readonly message: string;
  /** What to do, where that is known. */
  readonly advice: readonly string[];
}

const usageCodes: readonly WorkerCode[] = [
  "USAGE",
  "FILE_UNREADABLE",
  "FILE_EXISTS",
  "KEY_INVALID",
  "ABI_INVALID",
  "ARGUMENTS_INVALID",
  "TEMPLATE_UNKNOWN",
  "CODE_UNKNOWN",
  "ARTEFACT_INVALID",
];

/** Codes of a worker that has no time for us. */
const passingCodes: readonly string[] = [
  workerCodes.BUSY,
  workerCodes.ANSWER_TIMEOUT,
  workerCodes.STOPPING,
  workerCodes.REQUEST_TIMEOUT,
].map(readableCode);

const exitCodes: Readonly<Record<ErrorKind, Failure["exitCode"]>> = {
  usage: 2,
  trust: 3,
  unreachable: 4,
  fault: 5,
  internal: 5,
};

/** @param abi - Types the fields of the contract's own errors. */
export function failureOf(error: unknown, abi?: Abi): Failure {
  if (error instanceof ContractError) return ofContract(error, abi);
  if (error instanceof HermeticError) return ofClient(error);
  if (error instanceof WorkerError) return ofWorker(error);
  if (error instanceof BuildError) {
    const { code, message } = error;
    const repeated = `${code}: `;
    return {
      exitCode: 5,
      code,
      name: "BUILD_FAILED",
      args: {},
      message: shownLines(message.startsWith(repeated) ? message.slice(repeated.length) : message),
      advice: [],
    };
  }
  if (error instanceof OutputError) {
    const { path, cause } = error;
    return ofWorker(
      new WorkerError("FILE_UNWRITABLE", { subject: withReason(path, cause), cause }),
    );
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : "not an error object";
  return ofWorker(new WorkerError("UNEXPECTED", { subject: text, cause: error }));
}

function ofContract(error: ContractError, abi: Abi | undefined): Failure {
  const code = readableCode(workerCodes.CONTRACT_FAILED);
  const fields = abi?.errors.find(({ name }) => name === error.name)?.fields;
  const args =
    abi === undefined || fields === undefined ? {} : fieldsToJson(abi, fields, error.args);
  const { name } = error;
  const message = `the contract refused: ${shown(name)} ${shown(JSON.stringify(args))}`;
  return { exitCode: 1, code, name, args, message, advice: [] };
}

function ofClient(error: HermeticError): Failure {
  const { code, kind, facts } = error;
  const words = explain(code);
  const name = words?.name || `CODE_${code.slice(3)}`;
  let exitCode = exitCodes[kind];
  // Only a sealed reply says for certain that the contract ran and failed.
  if (kind === "fault" && error.call !== undefined && isContractFault(code)) exitCode = 1;
  if (passingCodes.includes(code)) exitCode = 4;
  const message = shown(error.summary).replace(/\.$/, "");
  const advice = words === undefined ? [] : [words.why, words.fix];
  return { exitCode, code, name, args: facts, message, advice };
}

function isContractFault(code: string): boolean {
  const fault = Object.values(faults).find(({ number }) => readableCode(number) === code);
  return fault?.side === "contract";
}

function ofWorker(error: WorkerError): Failure {
  const { reason, code, facts, subject } = error;
  const words = explain(code);
  const parts = [words?.title ?? reason, ...(subject === undefined ? [] : [shown(subject)])];
  const numbers = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  const measured = numbers.length === 0 ? "" : ` (${numbers.join(", ")})`;
  const advice = words === undefined ? [] : [words.why, words.fix];
  return {
    exitCode: usageCodes.includes(reason) ? 2 : 5,
    code,
    name: reason,
    args: facts,
    message: `${parts.join(": ")}${measured}`,
    advice: refusalAdvice(reason, facts["fault"], advice),
  };
}

/** What the enclave gave as its reason for refusing, before the rest; instead of it where only flags are wrong. */
function refusalAdvice(reason: WorkerCode, fault: number | undefined, advice: string[]): string[] {
  if (reason !== "ENCLAVE_REFUSED" || fault === undefined) return advice;
  const code = readableCode(fault);
  const words = explain(code);
  if (words === undefined) return [`It says ${code}.`, ...advice];
  const said = `It says ${code}: ${words.title}. ${words.why}`;
  return fault === faults.EGRESS_CONFIG.number ? [said, words.fix] : [said, ...advice];
}
