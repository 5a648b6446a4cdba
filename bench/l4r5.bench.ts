// The time model against silicon: instructions of TensorFlow Lite Micro with CMSIS-NN, counted in QEMU, times the model's cycles per
// instruction, beside cycles that others published for the same models and the same CMSIS-NN kernels on a NUCLEO-L4R5ZI.
import { timingOf } from '../src/device/boards/core-timing';

// Counted: tflite-micro 90b983c2 with CMSIS-NN 4ab83cc3 on a simulated Cortex-M4F (../shared/reference/peers.md, section 3).
// Published: microTVM with CMSIS-NN on an STM32L4R5 at 120 MHz, in cycles (mlcommons/tiny_results, v1.0 to v1.3; the same section).
const models = [
  { model: 'image classification (ResNet-8)', counted: 29_864_120, published: 46.8e6 },
  { model: 'keyword spotting (DS-CNN)', counted: 7_697_869, published: 12.0e6 },
  { model: 'visual wake words', counted: 24_101_937, published: 36.1e6 },
  { model: 'anomaly detection', counted: 582_971, published: 1.03e6 },
];
const { cyclesPerInstruction } = timingOf('Cortex-M4F', '')!;
const rows = models.map(({ model, counted, published }) => {
  const modelled = counted * cyclesPerInstruction.integer.value;
  return { model, 'instructions counted': counted, 'M cycles modelled': Number((modelled / 1e6).toFixed(2)), 'M cycles published': published / 1e6, 'error %': Number(((modelled / published - 1) * 100).toFixed(1)) };
});
console.table(rows);
const errors = rows.map((row) => Math.abs(row['error %'])).sort((a, b) => a - b);
console.log(`mean absolute error ${(errors.reduce((a, b) => a + b) / errors.length).toFixed(1)} %, worst ${errors[errors.length - 1]} %`);
