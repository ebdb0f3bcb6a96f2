/**
 * `npm start`: a sealed-bid auction from source to settlement, with a crash in the middle, and a
 * search through everything the operator saw.
 *
 * @module
 */
import { inspect, parseArgs, styleText } from "node:util";
import { ContractError } from "hermetic/client";
import { createBidders } from "./bidders.ts";
import { Narrator } from "./narrator.ts";
import { Stage } from "./stage.ts";
import { tell } from "./story.ts";

const USAGE = `Usage: npm start -- [options]

  --once             exit when the auction is settled (also without a terminal)
  --rates-url URL    ask a live service for the exchange rate that the
                     auction's grants name, such as
                     https://api.frankfurter.dev/v1/latest?base=EUR
  --help             show this
`;

function options(): { readonly once: boolean; readonly ratesUrl: string | undefined } {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: "boolean", default: false },
        "rates-url": { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const ratesUrl = values["rates-url"];
    if (ratesUrl !== undefined && URL.parse(ratesUrl)?.protocol !== "https:") {
      throw new Error(`--rates-url takes a URL that begins with https://, not ${ratesUrl}`);
    }
    return { once: values.once || !process.stdout.isTTY, ratesUrl };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { once, ratesUrl } = options();
let stage: Stage | undefined;
let isClosing = false;

async function close(code: number): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  await stage?.close();
  process.exit(code);
}

for (const [signal, code] of [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, () => void close(code));
}
// Whoever read along has gone: there is nobody left to tell.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => void close(1));

try {
  stage = await Stage.build(ratesUrl);
  const held = await tell(stage, createBidders(), new Narrator());
  if (once || !held) await close(held ? 0 : 1);
  console.log(`\n    The worker keeps serving at ${stage.url} (Ctrl-C ends it).`);
} catch (error) {
  if (!isClosing) sayFailure(error);
  await close(1);
}

function sayFailure(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const title = styleText("red", "The demonstration failed:", { stream: process.stderr });
  console.error(`\n${title} ${text}`);
  // Nothing that this contract says about a failure is confidential.
  if (error instanceof ContractError) console.error(`    ${inspect(error.args)}`);
}
