/**
 * Stacks as an SVG to look at: each call on the ground, what it called on top, as wide as it cost.
 *
 * @module
 */
import { escaped } from "#sdk/testing/insight/markup.ts";
import type { Stacks } from "#sdk/testing/insight/profile/stacks.ts";
import { grouped } from "#sdk/testing/insight/table.ts";

const WIDTH = 1200;
const MARGIN = 16;
const ROW = 22;
const HEAD = 48;
/** Width of a letter of the font, in pixels. */
const LETTER = 6.8;
/** What is narrower is left out: nobody could see it. */
const WIDTH_MIN = 0.3;

interface Frame {
  readonly name: string;
  gas: number;
  readonly above: Map<string, Frame>;
}

export function flameGraph(stacks: Stacks): string {
  const ground = framesOf(stacks);
  const depth = depthOf(ground);
  const height = HEAD + depth * ROW + MARGIN;
  const scale = (WIDTH - 2 * MARGIN) / Math.max(1, ground.gas);
  const boxes: string[] = [];
  const draw = (frame: Frame, x: number, level: number): void => {
    const width = frame.gas * scale;
    if (width < WIDTH_MIN) return;
    if (level >= 0)
      boxes.push(box(frame, x, height - MARGIN - (level + 1) * ROW, width, ground.gas));
    let at = x;
    for (const each of sorted(frame)) {
      draw(each, at, level + 1);
      at += each.gas * scale;
    }
  };
  draw(ground, MARGIN, -1);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="ui-monospace, 'DejaVu Sans Mono', monospace" font-size="11">
<rect width="100%" height="100%" fill="#fffdf8"/>
<text x="${MARGIN}" y="28" font-size="16" font-weight="600" fill="#333">Gas of contracts: ${grouped(ground.gas)}</text>
${boxes.join("\n")}
</svg>
`;
}

function framesOf(stacks: Stacks): Frame {
  const ground: Frame = { name: "", gas: 0, above: new Map() };
  for (const [stack, gas] of Object.entries(stacks)) {
    let frame = ground;
    frame.gas += gas;
    for (const name of stack.split(";")) {
      let next = frame.above.get(name);
      if (next === undefined) frame.above.set(name, (next = { name, gas: 0, above: new Map() }));
      next.gas += gas;
      frame = next;
    }
  }
  return ground;
}

function depthOf({ above }: Frame): number {
  return Math.max(0, ...[...above.values()].map((each) => 1 + depthOf(each)));
}

/** By what they cost, so that the same gas gives the same picture. */
function sorted({ above }: Frame): Frame[] {
  return [...above.values()].toSorted((a, b) => b.gas - a.gas || (a.name < b.name ? -1 : 1));
}

function box({ name, gas }: Frame, x: number, y: number, width: number, all: number): string {
  const share = ((gas / Math.max(1, all)) * 100).toFixed(1);
  const letters = Math.floor((width - 8) / LETTER);
  const label = letters < 3 ? "" : name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
  const text =
    label === "" ? "" : `<text x="${(x + 4).toFixed(1)}" y="${y + 15}">${escaped(label)}</text>`;
  return `<g><title>${escaped(name)}: ${grouped(gas)} gas, ${share} %</title><rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" rx="2" fill="${colour(name)}" stroke="#fffdf8"/>${text}</g>`;
}

/** Warm colours: the same for the same name in every picture. */
function colour(name: string): string {
  let hash = 0;
  for (let index = 0; index < name.length; index++) {
    hash = (hash * 31 + name.charCodeAt(index)) % 997;
  }
  return `hsl(${15 + (hash % 40)} ${70 + (hash % 20)}% ${66 + (hash % 12)}%)`;
}
