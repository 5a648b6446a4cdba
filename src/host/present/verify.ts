import { toHex32 } from '../../base/bytes';
import { elementCount } from '../../engine/ir/dtype';
import { formatCount } from '../../base/units';
import type { Agreement, VerifyReport, VerifiedLayer } from '../../app/verify/verify-contract';
import type { VerifyLayerView, VerifyResultView } from '../../messages/verify';

/** A report of verification as its view draws it. */
export function presentVerify(report: VerifyReport): VerifyResultView {
  const { labels, bytes, traced, first, layers, basis } = report;
  const differing = layers.find(({ differ, weightsEqual }) => differ !== 0 || !weightsEqual);
  const flags = basis.flags.filter((flag) => /^-(O|m)/.test(flag)).join(' ');
  return {
    verdict: report.verdict,
    equal: report.equal,
    tiles: [
      tile('Label: board = host', labels.boardAndHost),
      ...(labels.hostAndFloat ? [tile('Label: host = float host', labels.hostAndFloat)] : []),
      tile('All output bytes: board = host', bytes),
      ...(traced ? [layersTile(traced.sample, traced)] : []),
    ],
    layers: layers.map(layerView),
    selected: first?.layer ?? differing?.index ?? null,
    differences: report.differences.map(({ cause, layer, host, board, values, channels, differ }) => ({
      layer, differ, host, board, values, channels, shape: layers[layer].shape, ...(layer === first?.layer ? { cause } : {}),
    })),
    basis: `Measured on ${report.board.name}: ${basis.firmware}${basis.compiler ? `, compiler ${basis.compiler}` : ', as it was flashed'}${flags ? `, ${flags}` : ''}.`,
    notes: notesOf(report),
  };
}

function tile(title: string, { equal, of }: Agreement): VerifyResultView['tiles'][number] {
  return { title, value: formatCount(equal), of: `of ${formatCount(of)}`, differs: equal < of };
}

function layersTile(sample: number, { equal, of }: Agreement): VerifyResultView['tiles'][number] {
  const differ = equal < of ? ` · ${formatCount(of - equal)} differ` : '';
  return { title: `Layers equal, sample ${formatCount(sample)}`, value: formatCount(equal), of: `of ${formatCount(of)}${differ}`, differs: equal < of };
}

function layerView({ index, name, label, crc, board, differ, max, shape, dtype, weightsEqual, kernel }: VerifiedLayer): VerifyLayerView {
  return {
    index, name, label, kernel, us: board.us, of: elementCount(shape), otherWeights: !weightsEqual,
    crcHost: toHex32(crc), crcBoard: board.crc === crc ? null : toHex32(board.crc),
    differ: differ === 'unknown' ? null : differ, max: dtype.startsWith('float') ? (max === 0 ? '0' : max.toExponential(1)) : formatCount(max),
  };
}

function notesOf({ layers, first, samples }: VerifyReport): string[] {
  const notes: string[] = [];
  const again = first && layers.find(({ index, differ }) => index > first.layer && differ === 0);
  if (first && again) notes.push(`From layer ${again.index} on values agree again: it does not carry the differences further.`);
  const label = samples.find(({ label: host, board }) => host !== board);
  if (label) notes.push(`Sample ${formatCount(label.index)} is ${label.board} on the board, ${label.label} on the host.`);
  notes.push('Check sums are CRC-32 of the result\'s bytes, computed on the board as each layer ends.');
  return notes;
}
