import type { ComparedTotal, CompareReport } from './compare-report';

/** Below this a change is no news beside others. */
const LEAST_SHARE = 0.005;

const nouns: Partial<Record<ComparedTotal['id'], readonly [less: string, more: string, times: string]>> = {
  macs: ['fewer MACs', 'more MACs', 'the MACs'],
  flashBytes: ['less flash', 'more flash', 'the flash'],
  ramBytes: ['less RAM', 'more RAM', 'the RAM'],
  timeUs: ['less time', 'more time', 'the time'],
};

/** The verdict of a comparison: `30 % fewer MACs, 19.7 % less flash, 1.8 points less accurate`. */
export function compareSentence(report: CompareReport): string {
  const parts = report.totals.flatMap(({ id, before, change }) => {
    const noun = nouns[id];
    if (!noun || change === null || !before || Math.abs(change) / before < LEAST_SHARE) return [];
    const share = Math.abs(change) / before;
    if (share >= 2) return [`${(share + 1).toFixed(1)} times ${noun[2]}`];
    return [`${(share * 100).toFixed(share < 0.1 ? 1 : 0)} % ${noun[change < 0 ? 0 : 1]}`];
  });
  const accuracy = accuracyText(report);
  const all = accuracy ? [...parts, accuracy] : parts;
  if (all.length) return all.join(', ');
  if (report.totals.some(({ change }) => change === null)) return 'Not all layers are counted: no totals to compare';
  return report.changed ? `Same totals, ${report.changed} ${report.changed === 1 ? 'layer differs' : 'layers differ'}` : 'Same costs in every layer';
}

function accuracyText({ accuracy }: CompareReport): string | undefined {
  if (!accuracy) return undefined;
  const points = (accuracy.after.right / accuracy.after.total - accuracy.before.right / accuracy.before.total) * 100;
  return Math.abs(points) < 0.05 ? 'equally accurate' : `${Math.abs(points).toFixed(1)} points ${points < 0 ? 'less accurate' : 'more accurate'}`;
}
