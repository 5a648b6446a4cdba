import { formatCount, formatPercent, formatTimeUs } from '../../src/base/units';
import type { DeviceTotals, PredictionView } from '../../src/messages/device';
import { Basis } from '../kit';
import { clockText, partOfRange, scoreRange, topScores, type DeviceHistory } from './history';

const TOP_CLASSES = 4;

/** The current prediction, readable from across a desk, and how it went so far. */
export const Current = ({ history, number }: { readonly history: DeviceHistory; readonly number: number | null }) => {
  const { predictions, labels, totals, state } = history;
  const chosen = predictions.find((prediction) => prediction.number === number);
  const current = chosen ?? predictions[predictions.length - 1];
  const range = scoreRange(predictions);
  return (
    <section class={`current${state.phase === 'failed' ? ' past' : ''}`} aria-label="Current prediction">
      <div class="prediction">
        <h3>{chosen ? `Prediction ${formatCount(chosen.number)}, ${clockText(chosen.at)}` : state.phase === 'streaming' ? 'Current prediction' : 'Last prediction'}</h3>
        <div class="label" data-testid="label" title={current?.label}>{current ? current.label : <span class="skeleton" />}</div>
        <div class="small-text dim">{current && <Answer prediction={current} />}</div>
      </div>
      <div class="top-scores" role="list" aria-label="Highest scores">
        {current && topScores(current, labels, TOP_CLASSES).map(({ label, score }, i) => (
          <div key={i} role="listitem" class={`score${i === 0 ? ' first' : ''}`}>
            <span class="class-name" title={label}>{label}</span>
            <span class="lane"><b style={{ width: `${partOfRange(score, range) * 100}%` }} /></span>
            <span class="number">{score.toFixed(3)}</span>
          </div>
        ))}
      </div>
      <Figures totals={totals} />
    </section>
  );
};

/** Whether it was right, where the truth is known. */
const Answer = ({ prediction: { truth, label, sample } }: { readonly prediction: PredictionView }) => {
  if (truth === undefined) return sample < 0 ? <>measured by the board</> : <>sample {formatCount(sample)}</>;
  if (truth !== label) return <><i class="mark wrong" aria-hidden="true">◆</i> wrong, truth is <b>{truth}</b></>;
  return <><i class="mark right" aria-hidden="true">●</i> right, sample {formatCount(sample)}</>;
};

const Agreement = ({ totals }: { readonly totals: DeviceTotals }) => {
  if (!totals.compared) return <>its inputs are known to the board alone</>;
  if (totals.equal === totals.compared) return <>every byte of every output</>;
  return <><i class="mark wrong" aria-hidden="true">◆</i> {formatCount(totals.compared - totals.equal)} differ</>;
};

const Figures = ({ totals }: { readonly totals: DeviceTotals }) => (
  <div class="figures">
    <div class="figure" data-figure="right">
      <h3 class="row">Right so far <Basis basis="measured" /></h3>
      <div class="big">{totals.labelled ? `${formatCount(totals.right)} of ${formatCount(totals.labelled)}` : 'unknown'}</div>
      <div class="small-text dim">{totals.labelled ? formatPercent(totals.right / totals.labelled) : 'no labelled samples'}</div>
    </div>
    <div class="figure" data-figure="equal">
      <h3>Equal to the host</h3>
      <div class="big">{totals.compared ? `${formatCount(totals.equal)} of ${formatCount(totals.compared)}` : 'unknown'}</div>
      <div class="small-text dim"><Agreement totals={totals} /></div>
    </div>
    <div class="figure" data-figure="latency">
      <h3 class="row">Latency <Basis basis="measured" /></h3>
      <div class="big">{totals.medianUs === null ? 'unknown' : formatTimeUs(totals.medianUs)}</div>
      <div class="small-text dim">{totals.p99Us === null ? 'no runs yet' : `median of ${formatCount(totals.latencySamples)} · p99 ${formatTimeUs(totals.p99Us)}`}</div>
    </div>
  </div>
);
