import * as vscode from 'vscode';
import { remedies } from '../../app/budgets/remedies';
import { csvOf, markdownOf } from '../../app/export/tables';
import { memoryPicture } from '../../app/export/memory-picture';
import { formatShape } from '../../base/units';
import type { Handlers, RequestContext } from '../../base/rpc';
import type { InspectReport } from '../../engine/cost/report';
import type { ExportKind, InspectorContract } from '../../messages/inspector';
import type { OfferedRemedies } from '../budgets/remedy-predictions';
import { saveReport } from '../export/save-report';
import { presentPlan } from '../present/inspector';
import { buttonTitle } from '../present/budget-fixes';
import { presentLayer } from '../present/layer';
import type { Services } from '../services';
import { modelPathOf } from '../commands/model-target';
import { inspectRequestOf, isVersion } from './model-content';
import { brokenBudgets } from './broken-budgets';
import { shown } from './shown';
import type { Problem } from '../../base/problem';

type Asked = 'layer' | 'weights' | 'graph' | 'plans' | 'picture' | 'save' | 'goTo' | 'remedies' | 'usePlan';

/** What an inspector asks beyond its first view. Each reads the model anew in the engine: the host keeps no model. */
export function inspectorRequests(services: Services, uri: vscode.Uri): Pick<Handlers<InspectorContract>, Asked> {
  const task = (context: RequestContext) => ({ signal: context.signal, progress: context.progress.bind(context) });
  const report = async (context: RequestContext): Promise<InspectReport> => services.engine.request('inspect', await inspectRequestOf(services, uri), task(context));
  const picture = async (context: RequestContext): Promise<string> => {
    const board = services.board.current;
    return memoryPicture(await report(context), board && { name: board.name, ramBytes: board.ramBytes?.value });
  };
  const contents: Readonly<Record<ExportKind, (context: RequestContext, png: string | undefined) => Promise<string | Uint8Array>>> = {
    csv: async (context) => csvOf(await report(context)),
    markdown: async (context) => markdownOf(await report(context), services.board.current?.name),
    json: async (context) => `${JSON.stringify(await report(context), null, 2)}\n`,
    svg: picture,
    png: async (_, png) => new Uint8Array(Buffer.from(png ?? '', 'base64')),
  };
  return {
    layer: async ({ index }, context) => presentLayer(await services.engine.request('layer', { ...(await inspectRequestOf(services, uri)), layer: index }, task(context))),
    weights: async (_, context) => (await services.engine.request('weights', await inspectRequestOf(services, uri), task(context))).layers,
    graph: async (_, context) => {
      const { edges, ...graph } = await services.engine.request('graph', await inspectRequestOf(services, uri), task(context));
      return { ...graph, edges: edges.map(({ from, to, tensor, shape, points }) => ({ from, to, label: `${tensor} ${formatShape(shape)}`, points })) };
    },
    plans: async (_, context) => {
      const { plans } = await services.engine.request('plans', await inspectRequestOf(services, uri), task(context));
      return plans.map((plan) => presentPlan(plan, services.board.current?.ramBytes?.value));
    },
    usePlan: async ({ id }) => {
      // Not awaited: the command shows its own problems; the inspector follows tinyml.json.
      void vscode.commands.executeCommand('tinyml.setMemory', uri, { plan: { patches: id === 'strips' ? 'auto' : 'off' } });
      return null;
    },
    picture: (_, context) => shown(services, () => picture(context), ''),
    save: ({ what, png }, context) => shown(services, async () => saveReport(uri, what, await contents[what](context, png)), false),
    remedies: async (_, context) => {
      if (isVersion(uri)) return [];
      const broken = brokenBudgets(services, uri, await report(context)).filter(({ verdict }) => verdict.state === 'over');
      return Promise.all(broken.map(async ({ verdict, problem }) => withFixes(problem, await services.remedies.fixesOf(verdict, buttonTitle))));
    },
    goTo: async ({ index, to }) => {
      // Not awaited: the command may ask which of several lines is meant.
      void vscode.commands.executeCommand(to === 'code' ? 'tinyml.goToLayerCode' : 'tinyml.goToLayerSource', modelPathOf(uri), index);
      return null;
    },
  };
}

/** What can be done about a problem, and the advice that it came with. */
function withFixes(problem: Problem, { fixes, refused }: OfferedRemedies): Problem {
  const [first, ...rest] = [...fixes, ...problem.fixes.filter(({ command }) => !command || !fixesModels.has(command.id))];
  const detail = [problem.detail, ...refused.map(({ title, why }) => `${title}: not offered. ${why}`)].filter(Boolean).join('\n');
  return { ...problem, detail, fixes: [first, ...rest] };
}

const fixesModels: ReadonlySet<string> = new Set(remedies.map(({ command }) => command.id));
