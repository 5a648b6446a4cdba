import { dspHeader } from '../dsp/headers';
import type { KernelHeader } from '../kernel';
import mve from './tml_mve.h';
import pixelPair from './tml_pixel_pair_mve.h';

export const mveHeader: KernelHeader = { file: 'tml_mve.h', text: mve, needs: [dspHeader] };
export const pixelPairMveHeader: KernelHeader = { file: 'tml_pixel_pair_mve.h', text: pixelPair, needs: [mveHeader] };
