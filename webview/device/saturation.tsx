import { formatPercent } from '../../src/base/units';
import type { LayersView } from '../../src/messages/device';
import { Name } from '../kit/name';

/** From this share on the ranges are worth a look. */
const WORTH_A_LOOK = 0.001;

const short = (value: number): string => (value === 0 ? '0' : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)).replace('-', '−');

/** Live range of each layer inside of the range that its codes reach, and what ran into its ends. */
export const Saturation = ({ layers }: { readonly layers: LayersView | undefined }) => {
  const rows = layers?.layers.filter(({ range }) => range !== null) ?? [];
  if (!rows.length) return <p class="empty dim">Layers with codes tell here how much of their range they use. Flash from the editor: its firmware reports them.</p>;
  return (
    <div class="saturation" role="table" aria-label="Ranges of the layers">
      <div role="row" class="columns"><span role="columnheader" /><span role="columnheader">Layer</span><span role="columnheader">Live range in the calibrated one</span><span role="columnheader" class="right">Least</span><span role="columnheader" class="right">Most</span><span role="columnheader" class="right">Calibrated</span><span role="columnheader" class="right">Saturated</span></div>
      {rows.map(({ index, name, range }) => {
        const { low, high, least, most, saturated } = range!;
        const part = (value: number): number => ((value - low) / (high - low || 1)) * 100;
        const much = saturated >= WORTH_A_LOOK;
        return (
          <div role="row" key={index}>
            <span role="cell" class="dim right">{index}</span>
            <span role="cell" class="layer-name"><Name text={name} /></span>
            <span role="cell" class="lane"><b class={much ? 'wrong' : ''} style={{ marginLeft: `${part(least)}%`, width: `${part(most) - part(least)}%` }} /></span>
            <span role="cell" class="right">{short(least)}</span>
            <span role="cell" class="right">{short(most)}</span>
            <span role="cell" class="right dim">{short(low)} – {short(high)}</span>
            <span role="cell" class={`right${much ? ' strong' : ' dim'}`}>{much && <i class="mark wrong" aria-hidden="true">◆ </i>}{saturated === 0 ? '0' : formatPercent(saturated)}</span>
          </div>
        );
      })}
    </div>
  );
};
