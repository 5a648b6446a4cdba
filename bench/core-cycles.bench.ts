// Cycles per instruction of the generated C on cores whose instruction timing Arm documents: every instruction that QEMU executes,
// with the cycles of the core's reference manual. The figures stand in src/device/boards/core-timing.ts.
import { findBoard } from '../src/device/boards';
import type { Board } from '../src/device/boards/board';
import { planProgram } from '../src/engine/codegen/program';
import { coreTimings, cycleCounter } from './measure/core-timing';
import { benchModels } from './measure/models';
import { QemuProgram } from './measure/qemu-program';

const board = (id: string): Board => findBoard(id)!;
const machines = [
  { core: coreTimings['Cortex-M4F'], board: board('m4-sim') },
  { core: coreTimings['Cortex-M3'], board: board('m3-sim') },
  { core: coreTimings['Cortex-M0+'], board: { ...board('m3-sim'), chipFlags: board('m0-sim').chipFlags } },
];
// Together 9 M instructions on the M4: every one is a line of QEMU's log.
const wanted = /^(mlperf_tiny_(kws_dscnn|vww_mobilenetv1_025|ad_autoencoder)_int8\.tflite|digits\.onnx( int8)?|gesture\.onnx( int8)?|tinymaix_mnist_valid_q\.tflite|tflm_(micro_speech|magic_wand)_\w+\.tflite)$/;
const rows: Record<string, string | number>[] = [];

async function main(): Promise<void> {
  for (const { core, board: machine } of machines) {
    let [instructions, cycles] = [0, 0];
    const ratios: number[] = [];
    for (const { name, open } of benchModels().filter((model) => wanted.test(model.name))) {
      const built = new QemuProgram(planProgram(open.lowered, machine.isa), machine);
      try {
        const counter = cycleCounter(built.elf, core);
        await built.trace((address) => counter.visit(address));
        const result = counter.result();
        rows.push({ core: core.name, model: name, ...result, 'cycles per instruction': Number((result.cycles / result.instructions).toFixed(3)) });
        ratios.push(result.cycles / result.instructions);
        instructions += result.instructions;
        cycles += result.cycles;
      } finally {
        built.dispose();
      }
    }
    ratios.sort((a, b) => a - b);
    console.log(`${core.name}: median ${ratios[Math.floor(ratios.length / 2)].toFixed(3)}, ${ratios[0].toFixed(3)} to ${ratios[ratios.length - 1].toFixed(3)}, all together ${(cycles / instructions).toFixed(3)}`);
  }
  console.table(rows);
}

void main();
