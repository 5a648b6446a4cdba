import type { InspectReport } from '../../engine/cost/report';
import { matchLayers, type MatchedCall } from './match';
import type { LayerCall } from './scan';

/** Models whose layers with weights are found to less than this are others' work. */
const ENOUGH = 0.5;

export interface AssignedCall extends MatchedCall {
  readonly report: InspectReport;
}

/**
 * Constructors of one source against models of the workspace: the model that is matched best takes its layers, what is left goes to
 * the next, as a source may define several. `isNamed` tells models that the source or tinyml.json names: they come first, and a part
 * of them is enough.
 */
export function assignLayers(calls: readonly LayerCall[], reports: readonly InspectReport[], isNamed: (report: InspectReport) => boolean): AssignedCall[] {
  const assigned: AssignedCall[] = [];
  let left = [...calls];
  const rest = new Set(reports);
  while (left.length && rest.size) {
    const ranked = [...rest]
      .map((report) => ({ report, match: matchLayers(left, report.layers), named: isNamed(report) }))
      .filter(({ match, named }) => match.found >= ENOUGH || (named && match.found > 0))
      .sort((a, b) => Number(b.named) - Number(a.named) || b.match.found - a.match.found || costOf(b.match.calls) - costOf(a.match.calls));
    const best = ranked[0];
    if (!best) break;
    rest.delete(best.report);
    assigned.push(...best.match.calls.map((matched) => ({ ...matched, report: best.report })));
    const taken = new Set(best.match.calls.map(({ call }) => call));
    left = left.filter((call) => !taken.has(call));
  }
  return assigned.sort((a, b) => a.call.line - b.call.line || a.call.endColumn - b.call.endColumn);
}

const costOf = (calls: readonly MatchedCall[]): number => calls.reduce((sum, { layers }) => sum + layers.length, 0);
