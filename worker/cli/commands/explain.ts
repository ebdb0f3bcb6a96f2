/**
 * `hermetic explain`: what a code means, without any network.
 *
 * @module
 */
import { explain, explanations } from "#sdk/client/explain.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { WorkerError } from "#worker/error.ts";

export async function explainCode(
  terminal: Terminal,
  _options: object,
  code?: string,
): Promise<void> {
  if (code === undefined) {
    const all = explanations();
    terminal.result(
      all.map(({ code: own, name, title }) => ({ code: own, name, title })),
      all.map(({ code: own, title }) => `${own}  ${title}`),
    );
    return;
  }
  const found = explain(code);
  if (found === undefined) throw new WorkerError("CODE_UNKNOWN", { subject: code });
  const { name, title, why, fix } = found;
  const heading = name === "" ? found.code : `${found.code} ${name}`;
  terminal.result({ code: found.code, name, title, why, fix }, [
    `${heading}: ${title}.`,
    "",
    `Why  ${why}`,
    `Fix  ${fix}`,
  ]);
}
