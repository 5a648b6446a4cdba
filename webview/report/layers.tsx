import type { ReportLayerView } from '../../src/messages/report';

/** SQNR that fills the bar. */
const FULL_DB = 50;

export const Layers = ({ layers }: { readonly layers: readonly ReportLayerView[] }) => (
  <section>
    <h2>Layers, most to gain first</h2>
    <div class="scroll">
      <table>
        <thead><tr><th>Layer</th><th>Op</th><th>Form</th><th>Signal to noise, dB</th><th class="number">Cosine</th><th class="number">Saturated</th><th>Activations</th><th>Weights</th></tr></thead>
        <tbody>
          {layers.map((layer) => (
            <tr key={layer.name}>
              <td class="name" title={layer.name}>{layer.name}</td><td>{layer.op}</td><td>{layer.form}</td>
              <td><span class="with-lane"><span class="lane"><b style={{ width: `${Math.max(0, Math.min(1, layer.sqnrDb / FULL_DB)) * 100}%` }} /></span><span class="number">{layer.sqnrDb.toFixed(1)}</span></span></td>
              <td class="number">{layer.cosine}</td><td class="number">{layer.saturated}</td>
              <td><Histogram heights={layer.activations} title={layer.range} /></td><td><Histogram heights={layer.weights} title="weights" /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

const [HEIGHT, BAR] = [18, 3];

const Histogram = ({ heights, title }: { readonly heights: readonly number[]; readonly title: string }) =>
  heights.length ? (
    <svg class="histogram" width={heights.length * BAR} height={HEIGHT} role="img" aria-label={`Histogram, ${title}`}>
      <title>{title}</title>
      {heights.map((height, i) => <rect key={i} x={i * BAR} y={HEIGHT - height * HEIGHT} width={BAR - 1} height={height * HEIGHT} />)}
    </svg>
  ) : null;
