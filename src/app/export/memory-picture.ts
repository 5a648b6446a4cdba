import { formatBytes, formatCount } from '../../base/units';
import type { InspectReport, PlacementReport } from '../../engine/cost/report';
import { shortName } from '../../engine/cost/short-name';

/** Sizes in pixels of the drawing. */
const ROW = 18;
const LEFT = 210;
const WIDTH = 760;
const TOP = 64;
const BOTTOM = 40;
const RIGHT = 70;
/** Longer names are cut in the middle. */
const NAME_CHARACTERS = 28;
const PX_PER_CHARACTER = 6;

/** Ink on paper: no theme. Blue and purple differ in lightness too, so that they stay apart in grey. */
const colours = { even: '#9ec5f4', odd: '#cbb2e8', line: '#1c4f8f', oddLine: '#6b3fa0', grid: '#d9d9d9', text: '#1a1a1a', dim: '#5c5c5c', red: '#b3261e' } as const;

/** Names come from others' files: what XML 1.0 has no character for becomes the one for unknown, else no reader takes the picture. */
const escaped = (text: string): string =>
  text.replace(/[\p{Surrogate}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '\ufffd').replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
const cut = (text: string): string => (text.length <= NAME_CHARACTERS ? text : `${text.slice(0, NAME_CHARACTERS - 12)}…${text.slice(-11)}`);
const one = (value: number): string => String(Math.round(value * 10) / 10);

/**
 * The arena over the steps of execution for print: addresses across, one row a layer, the peak and the limit marked, areas
 * hatched where an output overwrites input already read. A complete SVG file without scripts, fonts or links.
 */
export function memoryPicture(report: InspectReport, board: { readonly name: string; readonly ramBytes?: number } | undefined): string {
  const { arena, layers, model } = report;
  const limit = board?.ramBytes !== undefined && board.ramBytes <= arena.bytes * 2 ? board.ramBytes : undefined;
  const most = Math.max(1, arena.bytes, limit ?? 0) * 1.03;
  const x = (bytes: number): number => LEFT + (bytes / most) * WIDTH;
  const y = (step: number): number => TOP + step * ROW;
  const [width, height] = [LEFT + WIDTH + RIGHT, TOP + layers.length * ROW + BOTTOM];
  const end = y(layers.length);
  const blocks = blocksOf(arena.placements, layers.length);
  const peak = new Set(arena.peakSteps);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="11">`,
    `<title>${escaped(`Arena of ${model.name}`)}</title>`,
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="5" stroke="#1a1a1a" stroke-opacity="0.45" stroke-width="1.4"/></pattern></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="22" font-size="15" font-weight="bold" fill="${colours.text}">${escaped(model.name)}</text>`,
    `<text x="12" y="38" fill="${colours.dim}">${escaped(`Arena ${formatCount(arena.bytes)} B (exact), at least ${formatCount(arena.liveBoundBytes)} B in this order${board ? `, ${board.name}` : ''}. Hatched: an output over input already read.`)}</text>`,
    ...ticksOf(most).map((bytes) => `<line x1="${one(x(bytes))}" x2="${one(x(bytes))}" y1="${TOP}" y2="${end}" stroke="${colours.grid}"/><text x="${one(x(bytes))}" y="${TOP - 6}" text-anchor="middle" fill="${colours.dim}">${escaped(formatBytes(bytes))}</text>`),
    ...layers.map(({ index, name }) => `<text x="${LEFT - 8}" y="${one(y(index) + 13)}" text-anchor="end" fill="${peak.has(index) ? colours.text : colours.dim}"${peak.has(index) ? ' font-weight="bold"' : ''}>${escaped(`${cut(shortName(name))} ${index}`)}</text>`),
    ...blocks.map((block) => rectangle(x(block.offset), y(block.first), x(block.offset + block.bytes), y(block.last + 1), block.odd)),
    ...overlaps(blocks).map((area) => `<rect x="${one(x(area.from))}" y="${one(y(area.first) + 1)}" width="${one(x(area.to) - x(area.from))}" height="${one((area.last - area.first + 1) * ROW - 2)}" fill="url(#hatch)"/>`),
    ...blocks.flatMap((block) => labelOf(block, x(block.offset), y(block.first), x(block.offset + block.bytes) - x(block.offset))),
    `<line x1="${one(x(arena.liveBoundBytes))}" x2="${one(x(arena.liveBoundBytes))}" y1="${TOP}" y2="${end}" stroke="${colours.text}" stroke-dasharray="1 3"/>`,
    ...(limit === undefined ? [] : [`<line x1="${one(x(limit))}" x2="${one(x(limit))}" y1="${TOP - 2}" y2="${end}" stroke="${colours.red}" stroke-width="1.5" stroke-dasharray="5 3"/><text x="${one(x(limit))}" y="${one(end + 14)}" text-anchor="middle" fill="${colours.red}">${escaped(`${formatBytes(limit)} = board RAM`)}</text>`]),
    ...arena.peakSteps.map((step) => `<rect x="${one(x(arena.bytes))}" y="${one(y(step) + 1)}" width="3" height="${ROW - 2}" fill="${colours.text}"/><text x="${one(x(arena.bytes) + 7)}" y="${one(y(step) + 13)}" font-weight="bold" fill="${colours.text}">peak</text>`),
    '</svg>',
    '',
  ].join('\n');
}

interface Block {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  readonly odd: boolean;
}

function blocksOf(placements: readonly PlacementReport[], steps: number): readonly Block[] {
  const inside = (step: number): number => Math.min(Math.max(step, 0), Math.max(0, steps - 1));
  return placements
    .filter(({ bytes }) => bytes > 0)
    .map(({ name, offset, bytes, firstStep, lastStep }) => ({ name, offset, bytes, first: inside(firstStep), last: inside(lastStep) }))
    .sort((a, b) => a.first - b.first || a.offset - b.offset)
    .map((block, i) => ({ ...block, odd: i % 2 === 1 }));
}

function overlaps(blocks: readonly Block[]): readonly { readonly from: number; readonly to: number; readonly first: number; readonly last: number }[] {
  return blocks.flatMap((a, i) => {
    const found: { from: number; to: number; first: number; last: number }[] = [];
    for (let j = i + 1; j < blocks.length && blocks[j].first <= a.last; j++) {
      const b = blocks[j];
      const [from, to] = [Math.max(a.offset, b.offset), Math.min(a.offset + a.bytes, b.offset + b.bytes)];
      if (from < to) found.push({ from, to, first: b.first, last: Math.min(a.last, b.last) });
    }
    return found;
  });
}

const rectangle = (x0: number, y0: number, x1: number, y1: number, odd: boolean): string =>
  `<rect x="${one(x0)}" y="${one(y0 + 0.5)}" width="${one(Math.max(1, x1 - x0))}" height="${one(y1 - y0 - 1)}" rx="2" fill="${odd ? colours.odd : colours.even}" fill-opacity="0.8" stroke="${odd ? colours.oddLine : colours.line}" stroke-width="0.8"/>`;

function labelOf(block: Block, x: number, y: number, width: number): readonly string[] {
  const text = `${cut(shortName(block.name))} ${formatCount(block.bytes)}`;
  return text.length * PX_PER_CHARACTER + 8 > width ? [] : [`<text x="${one(x + 4)}" y="${one(y + 13)}" fill="${colours.text}" stroke="#ffffff" stroke-width="2" stroke-opacity="0.7" paint-order="stroke">${escaped(text)}</text>`];
}

/** At most six round numbers of bytes. */
function ticksOf(most: number): readonly number[] {
  let step = 1;
  while (most / step > 6) step *= 2;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}
