/**
 * TypeScript's language server, asked as an editor asks it.
 *
 * Source: Language Server Protocol 3.17, "Base Protocol" and `textDocument/hover`.
 *
 * @module
 */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
}

export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #received = Buffer.alloc(0);
  #asked = 0;

  /** @param tsc - The compiler's command. */
  constructor(tsc: string) {
    this.#process = spawn(process.execPath, [tsc, "--lsp", "--stdio"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#process.stdout?.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#take();
    });
  }

  /** Opens a folder. */
  async open(folder: string): Promise<void> {
    const rootUri = pathToFileURL(folder).href;
    const capabilities = { textDocument: { hover: { contentFormat: ["plaintext"] } } };
    await this.#ask("initialize", { processId: null, rootUri, capabilities });
    this.#send({ method: "initialized", params: {} });
  }

  /** What is shown for the place in a file where `mark` begins, behind `before`. */
  async hover(file: string, before: string, mark: string): Promise<string> {
    const uri = pathToFileURL(file).href;
    const text = readFileSync(file, "utf8");
    const item = { uri, languageId: "typescript", version: 1, text };
    this.#send({ method: "textDocument/didOpen", params: { textDocument: item } });
    const lines = text.slice(0, text.indexOf(mark, text.indexOf(before))).split("\n");
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    const shown = await this.#ask("textDocument/hover", { textDocument: { uri }, position });
    return JSON.stringify(shown);
  }

  close(): void {
    this.#process.kill();
  }

  #ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#asked;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, resolve);
    this.#process.once("exit", () => reject(new Error("the language server has ended")));
    this.#send({ id, method, params });
    return promise;
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #take(): void {
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = /Content-Length: (\d+)/.exec(this.#received.toString("latin1", 0, end))?.[1];
      const next = end + 4 + Number(length);
      if (this.#received.length < next) return;
      this.#receive(JSON.parse(this.#received.toString("utf8", end + 4, next)) as Message);
      this.#received = this.#received.subarray(next);
    }
  }

  #receive({ id, method, result }: Message): void {
    if (id === undefined) return;
    // What the server asks of an editor, there is none to answer.
    if (method !== undefined) return this.#send({ id, result: null });
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
  }
}
