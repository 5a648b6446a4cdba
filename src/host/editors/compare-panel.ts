import * as vscode from 'vscode';
import { csvLines, markdownTable } from '../../app/export/tables';
import type { RequestContext } from '../../base/rpc';
import { formatCount, formatPercent } from '../../base/units';
import type { ComparedAccuracy, CompareReport } from '../../engine/cost/compare-report';
import type { CompareContract, CompareView, DeltaView } from '../../messages/compare';
import { modelPathOf } from '../commands/model-target';
import { saveReport } from '../export/save-report';
import { fileStamp } from '../models/file-stamp';
import { presentComparison } from '../present/compare-models';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { RpcPanel } from '../webview/panel';
import { modelRequestOf, titleOf } from './model-content';
import { panelRequests } from './panel-requests';
import { shown } from './shown';
import { COMPARE_VIEW_TYPE, INSPECTOR_VIEW_TYPE } from './view-types';
import { watchFile } from './watch-file';

export interface Comparison {
  readonly before: vscode.Uri;
  readonly after: vscode.Uri;
  /** Only where both were run on the same samples. */
  readonly accuracy?: ComparedAccuracy;
  /** The files that it was measured of; where absent, those that there are. */
  readonly stamp?: string;
}

/** Shows two models side by side, in the editor area. */
export function showComparison(services: Services, comparison: Comparison): void {
  fill(services, vscode.window.createWebviewPanel(COMPARE_VIEW_TYPE, 'Compare', vscode.ViewColumn.Active, { enableFindWidget: false, retainContextWhenHidden: false }), comparison);
}

/** Brings comparisons back after the window was reloaded: the panel remembers which models it showed. */
export function restoreComparisons(services: Services): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW_TYPE, {
    deserializeWebviewPanel: async (panel, state: { readonly before?: string; readonly after?: string; readonly accuracy?: ComparedAccuracy; readonly stamp?: string } | undefined) => {
      if (!state?.before || !state.after) return panel.dispose();
      fill(services, panel, { before: vscode.Uri.parse(state.before), after: vscode.Uri.parse(state.after), accuracy: state.accuracy, stamp: state.stamp });
    },
  });
}

function fill(services: Services, view: vscode.WebviewPanel, first: Comparison): void {
  let comparison = first;
  const entitle = (): void => void (view.title = `${titleOf(comparison.before)} ↔ ${titleOf(comparison.after)}`);
  const compare = (context: RequestContext): Promise<CompareReport> => compareOf(services, comparison, context);
  const panel: RpcPanel<CompareContract> = new RpcPanel<CompareContract>(view, 'compare', services.extensionUri, {
    compare: async (_, context) => {
      comparison = await withoutStale(comparison);
      const { before, after, accuracy, stamp } = comparison;
      return { ...presented(services, comparison, await compare(context)), state: { before: before.toString(), after: after.toString(), accuracy, stamp } };
    },
    open: async ({ side, layer }) => {
      if (layer !== undefined) services.selection.select({ model: modelPathOf(comparison[side]), index: layer });
      await vscode.commands.executeCommand('vscode.openWith', comparison[side], INSPECTOR_VIEW_TYPE);
      return null;
    },
    measure: async () => {
      const { before, after } = comparison;
      const stamp = await stampOf(comparison);
      const measured = await shown(services, () => measure(services, comparison), undefined);
      // Meanwhile the sides may have been swapped, or a file written.
      if (!measured || comparison.before !== before || comparison.after !== after) return false;
      comparison = { before, after, accuracy: measured, stamp };
      panel.notify('changed', { what: 'facts' });
      return true;
    },
    swap: async () => {
      comparison = { before: comparison.after, after: comparison.before, accuracy: comparison.accuracy && swapped(comparison.accuracy), stamp: comparison.stamp?.split(',').reverse().join() };
      entitle();
      panel.notify('changed', { what: 'file' });
      return null;
    },
    save: async ({ what }, context) => {
      return shown(services, async () => {
        const report = await compare(context);
        return saveReport(comparison.after, what, contentOf(what, report, presented(services, comparison, report)));
      }, false);
    },
    ...panelRequests,
  });
  panel.own(services.comparisons.add(view, (by) => panel.notify('step', { by })));
  entitle();
  for (const uri of [comparison.before, comparison.after]) if (uri.scheme === 'file') panel.own(watchFile(uri.fsPath, () => panel.notify('changed', { what: 'file' })));
  panel.own(services.board.onDidChange(() => panel.notify('changed', { what: 'facts' })));
}

const stampOf = async ({ before, after }: Comparison): Promise<string> => (await Promise.all([before, after].map((uri) => fileStamp(uri.fsPath).catch(() => '')))).join();

/** What was measured is of the files as they were then. */
async function withoutStale(comparison: Comparison): Promise<Comparison> {
  if (!comparison.accuracy) return comparison;
  const stamp = await stampOf(comparison);
  return comparison.stamp === undefined || comparison.stamp === stamp ? { ...comparison, stamp } : { before: comparison.before, after: comparison.after };
}

/** Both models on the samples that the workspace names for the first; undefined where the user cancelled. */
async function measure(services: Services, { before, after }: Comparison): Promise<ComparedAccuracy | undefined> {
  const request = { before: await modelRequestOf(services, before), after: await modelRequestOf(services, after) };
  return withTask(`Testing ${titleOf(before)} and ${titleOf(after)}`, services.log, (task) => services.engine.request('compareAccuracy', request, { signal: task.signal, progress: (p) => task.progress(p) }));
}

const swapped = ({ before, after, changed, mcnemar, classes }: ComparedAccuracy): ComparedAccuracy => ({
  before: after, after: before, mcnemar,
  changed: changed && { worse: changed.better, better: changed.worse },
  classes: classes?.map((one) => ({ ...one, before: one.after, after: one.before })),
});

async function compareOf(services: Services, { before, after, accuracy }: Comparison, context: RequestContext): Promise<CompareReport> {
  const request = { before: await modelRequestOf(services, before), after: await modelRequestOf(services, after), board: services.board.forEngine, calibration: services.board.calibrationOf(services.board.current?.id) };
  const report = await services.engine.request('compare', request, { signal: context.signal, progress: (p) => context.progress(p) });
  return accuracy ? { ...report, accuracy } : report;
}

const presented = (services: Services, { before, after }: Comparison, report: CompareReport): CompareView =>
  presentComparison(report, { before: titleOf(before), after: titleOf(after), board: services.board.current?.name, measurable: before.scheme === 'file' && after.scheme === 'file' });

/** The comparison as it leaves the product. */
function contentOf(what: 'json' | 'markdown' | 'csv', report: CompareReport, view: CompareView): string {
  if (what === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  const heads = ['#', 'Layer', 'Op', 'Output', 'MACs', 'Change', 'Flash B', 'Change', 'RAM B', 'Change', 'Matched'];
  const cells = ({ value, change }: DeltaView): readonly string[] => [value === null ? 'unknown' : String(value), change === null ? '' : String(change)];
  const rows = view.pairs.map((pair) => [pair.after === null ? '' : String(pair.after), pair.name, pair.op, pair.output, ...cells(pair.macs), ...cells(pair.flashBytes), ...cells(pair.ramBytes), pair.matched]);
  if (what === 'csv') return csvLines([heads, ...rows]);
  const tiles = view.tiles.map((tile) => `- ${tile.title}: ${tile.value} ${tile.unit} (${tile.was}, ${tile.change})`);
  return [`## ${view.beforeName} → ${view.afterName}`, '', view.sentence, '', ...tiles, '', ...recallLines(view), markdownTable(heads, heads.map((_, i) => i === 0 || (i >= 4 && i <= 9)), rows), ''].join('\n');
}

function recallLines({ accuracy }: CompareView): readonly string[] {
  if (!accuracy?.recall.classes.length) return [];
  const rows = accuracy.recall.classes.map(({ label, total, before, after, change }) => [label, formatCount(total), formatPercent(before), formatPercent(after), change]);
  return [markdownTable(['Class', 'Samples', 'Recall before', 'Recall after', 'Points'], [false, true, true, true, true], rows), ''];
}
