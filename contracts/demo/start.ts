/**
 * `npm start`: a sealed-bid auction from source to settlement, with a crash in the middle, and a
 * search through everything the operator saw.
 *
 * @module
 */
import { parseArgs, styleText } from "node:util";
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
    return { once: values.once || !process.stdout.isTTY, ratesUrl: values["rates-url"] };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { once, ratesUrl } = options();
const stage = await Stage.build(ratesUrl);
let isClosing = false;

async function close(code: number): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  await stage.close();
  process.exit(code);
}

process.on("SIGINT", () => void close(130));
process.on("SIGTERM", () => void close(143));

try {
  const held = await tell(stage, createBidders(), new Narrator());
  if (once || !held) await close(held ? 0 : 1);
  console.log(`\n    The worker keeps serving at ${stage.url} (Ctrl-C ends it).`);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  console.error(
    `\n${styleText("red", "The demonstration failed:", { stream: process.stderr })} ${text}`,
  );
  await close(1);
}
