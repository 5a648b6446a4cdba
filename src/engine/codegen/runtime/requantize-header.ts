import type { KernelHeader } from '../kernel';
import { baseHeader } from './base-header';
import text from './tml_requantize_q31.h';

/** Fixed-point scaling of TFLite's rules. */
export const requantizeHeader: KernelHeader = { file: 'tml_requantize_q31.h', text, needs: [baseHeader] };
