import text from './tml_base.h';
import type { KernelHeader } from '../kernel';

export const baseHeader: KernelHeader = { file: 'tml_base.h', text };
