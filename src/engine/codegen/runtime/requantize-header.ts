import type { KernelHeader } from '../kernel';
import { baseHeader } from './base-header';
import functionsQ15 from './tml_functions_q15.h';
import functions from './tml_functions_q31.h';
import text from './tml_requantize_q31.h';

/** Fixed-point scaling of TFLite's rules. */
export const requantizeHeader: KernelHeader = { file: 'tml_requantize_q31.h', text, needs: [baseHeader] };

/** exp and reciprocal in fixed point. */
export const functionsHeader: KernelHeader = { file: 'tml_functions_q31.h', text: functions, needs: [requantizeHeader], codeBytes: 416 };

/** Logistic and tanh of 16-bit codes. */
export const functionsQ15Header: KernelHeader = { file: 'tml_functions_q15.h', text: functionsQ15, needs: [baseHeader] };
