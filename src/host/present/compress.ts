import type { Accuracy, CompressReport, CompressSide } from '../../app/engine-contract';
import { stepNames, type StepReport, type TransformStep } from '../../app/compress/steps';
import { formatProblem } from '../../base/problem';
import { formatBytes, formatCount, formatPercent } from '../../base/units';

const share = ({ right, total }: Accuracy): string => formatPercent(total ? right / total : 0);

/** File name without its folder, on any system: paths come from the engine of this machine. */
const baseName = (file: string): string => file.split(/[\\/]/).pop() ?? file;

/** `12.3 → 4.1 KiB`, or with both units where they differ. */
export function bytesChange(before: number, after: number): string {
  const [from, fromUnit] = formatBytes(before).split(' ');
  const [to, toUnit] = formatBytes(after).split(' ');
  return fromUnit === toUnit ? `${from} → ${to} ${toUnit}` : `${from} ${fromUnit} → ${to} ${toUnit}`;
}

/** One line for a notification. */
export function compressHeadline({ out, before, after }: CompressReport): string {
  const accuracy = after.accuracy
    ? `${share(after.accuracy)} (${formatCount(after.accuracy.right)} of ${formatCount(after.accuracy.total)})${before.accuracy ? `, was ${share(before.accuracy)}` : ''}`
    : 'accuracy unknown: no labelled test samples';
  return `${baseName(out)}: ${accuracy}; flash ${bytesChange(before.flashBytes, after.flashBytes)}`;
}

/** Everything, for the output channel. */
export function compressDetails(report: CompressReport): string {
  const { before, after } = report;
  const row = (name: string, of: (side: CompressSide) => number): string => `  ${name.padEnd(10)} ${formatCount(of(before))} → ${formatCount(of(after))}`;
  const accuracy = (name: string, side: CompressSide): string[] => {
    if (!side.accuracy) return [];
    const { right, total, low, high } = side.accuracy;
    return [`  ${name.padEnd(10)} ${formatCount(right)} of ${formatCount(total)} right, ${share(side.accuracy)}, 95 %: ${formatPercent(low)} – ${formatPercent(high)}`];
  };
  return [
    `${report.source} → ${report.out}`,
    `  calibrated with ${formatCount(report.calibrationSamples)} samples`,
    ...accuracy('before', before),
    ...accuracy('after', after),
    ...report.steps.flatMap(stepLines),
    ...(report.changed ? [`  newly wrong ${formatCount(report.changed.worse)}, newly right ${formatCount(report.changed.better)}`] : []),
    row('MACs', (s) => s.macs),
    row('weights B', (s) => s.weightBytes),
    row('flash B', (s) => s.flashBytes),
    row('RAM B', (s) => s.ramBytes),
    row('file B', (s) => s.fileBytes),
    ...report.problems.map(formatProblem),
  ].join('\n');
}

const placeUnits: Readonly<Record<TransformStep['kind'], string>> = { prune: 'channels', factorize: 'of rank', cluster: 'values', sparsify: 'weights' };

/** What was left out, group by group. */
function stepLines({ kind, measure, unit, before, after, places, dropped }: StepReport): string[] {
  return [
    `  ${stepNames[kind]}: ${measure} ${formatCount(Math.round(before))} → ${formatCount(Math.round(after))}${unit === 'us' ? ' µs' : ''}`,
    ...(dropped === undefined ? [] : [`    without the block that ends in ${dropped}`]),
    ...places.filter((place) => place.after < place.before).map((place) => `    ${place.name}: ${formatCount(place.before)} → ${formatCount(place.after)} ${placeUnits[kind]}`),
  ];
}
