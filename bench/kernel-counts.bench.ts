// Instructions of every layer of the bench models on simulated cores, and per kernel what a MAC, an output, an input and a call
// cost: writes a file of src/engine/cost/kernel-counts for each machine code. Needs arm-none-eabi-gcc, riscv64-unknown-elf-gcc, avr-gcc and QEMU.
// TINYML_CODES=avr,rv32imc counts these only; TINYML_CODES=benchmark prints the calibration model's.
import fs from 'node:fs';
import path from 'node:path';
import { findBoard } from '../src/device/boards';
import type { Board } from '../src/device/boards/board';
import type { Step } from '../src/engine/codegen/choose-kernels';
import { planProgram, type Program } from '../src/engine/codegen/program';
import { featuresOf, layerWork, type LayerWork } from '../src/engine/cost/latency';
import { avrLayerCycles } from './measure/avr-program';
import { benchmark } from '../src/app/calibration-model';
import { understand } from '../src/app/model-file';
import { writeOnnx } from '../src/engine/formats/onnx/write';
import { fitRelative } from './measure/fit';
import { benchModels, packedModels } from './measure/models';
import { QemuProgram } from './measure/qemu-program';

const board = (id: string): Board => findBoard(id)!;
// Armv6-M code runs on the Cortex-M3 too, whose board has room for all models.
const machines: Readonly<Record<string, Board>> = {
  'armv7e-m': board('m4-sim'),
  // Portable C on a core with an FPU: the nearest to Xtensa cores that have one.
  'armv7e-m-portable': { ...board('m4-sim'), isa: 'c99' },
  'armv7-m': board('m3-sim'),
  'armv6-m': { ...board('m3-sim'), chipFlags: board('m0-sim').chipFlags },
  'armv8.1-m': board('m55-sim'),
  rv32imc: board('rv32-sim'),
  // Cycles here, not instructions: avr8js knows how long each takes.
  avr: board('mega-sim'),
};

interface Row extends LayerWork {
  readonly model: string;
  readonly instructions: number;
}

function rowsOf(machine: Board, name: string, program: Program, isWanted: (step: Step) => boolean): Row[] {
  if (program.refusals.length || program.model.graph.inputs.length !== 1 || !program.steps.some(isWanted)) return [];
  try {
    const counts = machine.isa === 'avr' ? avrLayerCycles(program) : qemuCounts(program, machine);
    return program.steps.flatMap((step, i) => (isWanted(step) ? [{ ...layerWork(step), model: name, instructions: counts[i] }] : []));
  } catch (error) {
    console.log(`  ${name}: ${String((error as Error).message).split('\n').slice(0, 2).join(' ').slice(0, 150)}`);
    return [];
  }
}

const measure = (machine: Board): Row[] => benchModels().flatMap(({ name, open }) => rowsOf(machine, name, planProgram(open.lowered, machine.isa), () => true));

/** Layers that decode or skip weights, and those of kernels that are chosen beside them alone, in C made to be small; others are counted above. */
const measurePacked = (machine: Board, known: ReadonlySet<string>): Row[] =>
  [...packedModels()].flatMap(({ name, open, goal }) => rowsOf(machine, name, planProgram(open.lowered, machine.isa, { goal }), (step) => step.plan?.work !== undefined || !known.has(layerWork(step).kernel)));

/** Instructions of the calibration model, all layers. */
function benchmarkCount(machine: Board): number {
  const program = planProgram(understand(writeOnnx(benchmark()).bytes, 'calibration.onnx').lowered, machine.isa);
  const counts = machine.isa === 'avr' ? avrLayerCycles(program) : qemuCounts(program, machine);
  return Math.round(counts.reduce((sum, count) => sum + count, 0));
}

function qemuCounts(program: Program, machine: Board): number[] {
  const built = new QemuProgram(program, machine);
  try {
    return built.layerInstructions();
  } finally {
    built.dispose();
  }
}

/** What is next to nothing is a rounding error of the fit. */
const digits = (x: number): number => (x < 1e-6 ? 0 : Number(x.toPrecision(4)));

function fitted(rows: readonly Row[]): Record<string, number[]> {
  const kinds = [...new Set(rows.map((row) => row.kernel))].sort();
  return Object.fromEntries(kinds.map((kind) => {
    const own = rows.filter((row) => row.kernel === kind);
    return [kind, fitRelative(own.map(featuresOf), own.map((row) => row.instructions)).map(digits)];
  }));
}

const predict = (costs: Record<string, number[]>, row: Row): number | undefined => costs[row.kernel]?.reduce((sum, cost, i) => sum + cost * featuresOf(row)[i], 0);

/** The float, int8, ONNX and TFLite forms of one network have the same shapes: they are left out together. */
const networkOf = (model: string): string => model.replace(/(_float|_int8|_[fq])?\.(onnx|tflite).*$/, '');

/** Error of a model's total when its network is left out of the fit; only layers whose kernel other networks have count. */
function leftOut(rows: readonly Row[]): { model: string; error: number; share: number }[] {
  return [...new Set(rows.map((row) => row.model))].map((model) => {
    const costs = fitted(rows.filter((row) => networkOf(row.model) !== networkOf(model)));
    const own = rows.filter((row) => row.model === model);
    const known = own.filter((row) => predict(costs, row) !== undefined);
    const sum = (list: readonly Row[], of: (row: Row) => number): number => list.reduce((total, row) => total + of(row), 0);
    return { model, error: sum(known, (row) => predict(costs, row)!) / sum(known, (row) => row.instructions) - 1, share: sum(known, (row) => row.instructions) / sum(own, (row) => row.instructions) };
  });
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const only = process.env.TINYML_CODES?.split(',');
if (only?.[0] === 'benchmark') {
  for (const [code, machine] of Object.entries(machines)) console.log(code, benchmarkCount(machine));
  process.exit(0);
}
/** Median and worst error, of models of which most is known. */
function errorsOf(rows: readonly Row[], shown: boolean): { readonly median: number; readonly worst: number } {
  const errors = leftOut(rows).filter(({ share }) => share > 0.9);
  if (shown) console.table(errors.map(({ model, error, share }) => ({ model, 'error %': Number((error * 100).toFixed(1)), 'known %': Number((share * 100).toFixed(0)) })));
  const absolute = errors.map(({ error }) => Math.abs(error));
  const found = { median: digits(median(absolute)), worst: digits(Math.max(...absolute)) };
  console.log(`${rows.length} layers, ${errors.length} models: median ${(found.median * 100).toFixed(1)} %, worst ${(found.worst * 100).toFixed(1)} %`);
  return found;
}

for (const [code, machine] of Object.entries(machines).filter(([name]) => !only || only.includes(name))) {
  console.log(`== ${code}`);
  const rows = measure(machine);
  const packed = measurePacked(machine, new Set(rows.map(({ kernel }) => kernel)));
  const costs = Object.fromEntries(Object.entries({ ...fitted(rows), ...fitted(packed) }).sort(([a], [b]) => (a < b ? -1 : 1)));
  const [all, ofPacked] = [errorsOf(rows, true), errorsOf(packed, true)];
  const kernels = Object.entries(costs).map(([kernel, cost]) => `    '${kernel}': [${cost.join(', ')}],`);
  fs.writeFileSync(path.resolve(`src/engine/cost/kernel-counts/${code}.ts`), `import type { CodeCounts } from '../latency';

/** Written by \`npm run bench -- kernel-counts\` (gcc 12.2, -O2); do not edit. */
export const counts: CodeCounts = {
  layers: ${rows.length},
  medianError: ${all.median},
  worstError: ${all.worst},
  packed: { layers: ${packed.length}, medianError: ${ofPacked.median}, worstError: ${ofPacked.worst} },
  benchmark: ${benchmarkCount(machine)},
  kernels: {
${kernels.join('\n')}
  },
};
`);
}
