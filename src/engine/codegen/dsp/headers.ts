import { baseHeader } from '../runtime/base-header';
import type { KernelHeader } from '../kernel';
import dsp from './tml_dsp.h';
import fourPixels from './tml_four_pixels_f32.h';
import pixelPair from './tml_pixel_pair_dsp.h';

export const dspHeader: KernelHeader = { file: 'tml_dsp.h', text: dsp, needs: [baseHeader] };
export const pixelPairHeader: KernelHeader = { file: 'tml_pixel_pair_dsp.h', text: pixelPair, needs: [dspHeader] };
export const fourPixelsHeader: KernelHeader = { file: 'tml_four_pixels_f32.h', text: fourPixels, needs: [baseHeader] };
