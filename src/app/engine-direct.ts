import { quietTask, type Task } from '../base/progress';
import type { RequestOptions } from '../base/rpc';
import { compareAccuracy } from './compare-accuracy';
import { compareModels } from './compare-models';
import { writeCalibrationModel } from './calibration-model';
import { compressModel } from './compress-model';
import { describeLayer, summarizeWeights } from './describe-layer';
import type { EngineContract } from './engine-contract';
import { extendData } from './extend-data';
import { generateCode } from './generate-code';
import { identifyModel } from './identify-model';
import { inspectModel } from './inspect-model';
import { drawGraph } from './draw-graph';
import { listArrays } from './list-arrays';
import { loadSamples } from './load-samples';
import { planArenas } from './plan-arenas';
import { measureAccuracy } from './measure-accuracy';
import { predictRemedy } from './predict-remedy';
import type { EngineRequests } from './run-contract';
import { explainLayer, traceModel } from './verify/trace-model';

type Method = keyof EngineContract['requests'];
type UseCases = { [M in Method]: (params: EngineContract['requests'][M]['params'], task: Task) => Promise<EngineContract['requests'][M]['result']> };

/** Every request of the engine and the use case that answers it: the one list that worker and CLI share. */
export const useCases: UseCases = {
  inspect: inspectModel,
  compress: compressModel,
  generate: generateCode,
  samples: loadSamples,
  arrays: listArrays,
  compare: compareModels,
  compareAccuracy,
  layer: describeLayer,
  weights: summarizeWeights,
  graph: drawGraph,
  plans: planArenas,
  accuracy: measureAccuracy,
  predict: predictRemedy,
  calibrationModel: writeCalibrationModel,
  identify: identifyModel,
  extendData,
  trace: traceModel,
  explain: explainLayer,
};

/** The engine in this process: for the CLI and tests, which have nothing to keep responsive. */
export function directEngine(task: Task = quietTask): EngineRequests {
  return {
    request: <M extends Method & string>(method: M, params: EngineContract['requests'][M]['params'], options: RequestOptions = {}) =>
      useCases[method](params, {
        signal: options.signal ?? task.signal,
        log: task.log,
        progress: (progress) => (options.progress ?? task.progress)(progress),
      }),
  };
}
