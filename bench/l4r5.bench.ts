// The time model against silicon: instructions of TensorFlow Lite Micro with CMSIS-NN, counted in QEMU, times the model's cycles per
// instruction, beside cycles that others published for the same models and the same CMSIS-NN kernels on a NUCLEO-L4R5ZI.
import { siliconErrors, siliconSentence } from '../src/device/boards/silicon';

console.table(siliconErrors.map(({ model, counted, modelled, published, error }) => ({
  model, 'instructions counted': counted, 'M cycles modelled': Number((modelled / 1e6).toFixed(2)), 'M cycles published': published / 1e6, 'error %': Number((error * 100).toFixed(1)),
})));
console.log(siliconSentence);
