import { elementCount } from '../../ir/dtype';
import { weightedChannels } from '../weighted-channels';
import { geometry } from './geometry';

/** One group mixes all channels; as many groups as channels, in and out, keep them. */
export const convChannels = weightedChannels(
  (node) => {
    const { window, group, depthwise, outputChannels } = geometry(node);
    if (window.layout !== 'nhwc') return undefined;
    if (group === 1) return 'mixes';
    return depthwise && outputChannels === group && node.constant(1)!.data.length === group * elementCount(window.kernel) ? 'keeps' : undefined;
  },
  (node) => {
    const { window } = geometry(node);
    return [...window.padBegin, ...window.padEnd].some((pad) => pad > 0);
  },
  {},
);
