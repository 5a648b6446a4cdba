import type * as vscode from 'vscode';
import { findLayers } from '../../app/budgets/find-layer';
import type { Verdict } from '../../app/budgets/judge';
import type { Problem } from '../../base/problem';
import type { LayerReport } from '../../engine/cost/report';
import { modelPathOf } from '../commands/model-target';
import type { Services } from '../services';

/** Budgets of a model that are broken or nearly so, each problem with the layer that it is about as the inspector names it. */
export const brokenBudgets = (services: Services, uri: vscode.Uri, layers: readonly LayerReport[]): readonly { readonly verdict: Verdict; readonly problem: Problem }[] =>
  services.budgets.verdictsOf(modelPathOf(uri)).flatMap((verdict) => {
    const { problem, state, budget } = verdict;
    if (!problem || state === 'unknown') return [];
    const layer = budget.layer === undefined ? undefined : findLayers(layers, budget.layer)[0]?.name;
    return [{ verdict, problem: layer === undefined ? problem : { ...problem, where: { ...problem.where, layer } } }];
  });
