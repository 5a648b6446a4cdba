import * as vscode from 'vscode';
import { memoryChoice } from '../app/data/memory-choice';
import type { EngineContract } from '../app/engine-contract';
import type { EngineRequests } from '../app/run-contract';
import type { MemoryChoice } from '../engine/codegen/choose-strips';
import { placeOf } from '../app/model-place';

/** RAM budget and strips as the settings have them for a model; undefined where they say nothing, or nothing that can be read. */
export function usualMemoryOf(model: string): MemoryChoice | undefined {
  const settings = vscode.workspace.getConfiguration('tinyml', vscode.Uri.file(placeOf(model).file));
  const [budget, strips] = [settings.get<unknown>('ramBudget', ''), settings.get<unknown>('strips', 'auto')];
  const hasBudget = budget !== '' && budget !== null;
  // Without a budget `auto` would mean the smallest arena at any price: the settings' own default is the plan without strips.
  if (!hasBudget && strips === 'auto') return undefined;
  return memoryChoice(hasBudget ? budget : undefined, strips);
}

/** True where a change of settings is about plans. */
export const isAboutMemory = (event: vscode.ConfigurationChangeEvent): boolean => event.affectsConfiguration('tinyml.ramBudget') || event.affectsConfiguration('tinyml.strips');

/** The engine with the settings in every request that plans a model: nobody who asks has to think of them. */
export function withUsualMemory(engine: EngineRequests): EngineRequests {
  return { request: (method, params, options) => engine.request(method, planned(params), options) };
}

function planned<T extends EngineContract['requests'][keyof EngineContract['requests']]['params']>(params: T): T {
  if ('before' in params && 'after' in params) return { ...params, before: planned(params.before), after: planned(params.after) };
  if (!('path' in params)) return params;
  const usualMemory = usualMemoryOf(params.path);
  return usualMemory ? { ...params, usualMemory } : params;
}
