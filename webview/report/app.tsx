import { useEffect, useState } from 'preact/hooks';
import { formatProblem, type Fix } from '../../src/base/problem';
import type { FactView, RemedyView, ReportContract, ReportView } from '../../src/messages/report';
import { Basis, Button, Icon } from '../kit';
import { connect } from '../shell/host';
import { FixButtons } from '../shell/problem';
import { Confusion } from './confusion';
import { Layers } from './layers';
import { Places, Trials } from './search';

export const App = () => {
  const [view, setView] = useState<ReportView | undefined>();
  const [client] = useState(() => connect<ReportContract>({}));
  useEffect(() => void client.request('attach', null).then(setView), []);
  if (!view) return null;
  return (
    <>
      <header class="head">
        <div class="grow">
          <div class="row wrap"><h1>{view.file}</h1><span class={`pill ${view.verdict.tone}`}><Icon name={icons[view.verdict.tone]} small />{view.verdict.text}</span></div>
          <p class="dim small-text">{view.about}</p>
        </div>
        <div class="row wrap">
          <Button icon="save" onClick={() => void client.request('saveRecipe', null)}>Save recipe</Button>
          <Button onClick={() => void client.request('open', { which: 'before' })}>Open original</Button>
          <Button primary onClick={() => void client.request('open', { which: 'after' })}>Open result</Button>
        </div>
      </header>
      {view.problems.map((problem) => (
        <div class="problem" role="alert" title={formatProblem(problem)} key={problem.title}>
          <Icon name={problem.severity} /><span class="grow"><b>{problem.title}</b> <span class="dim">{problem.detail}</span></span>
          <FixButtons problem={problem} primary={false} onFix={(fix: Fix) => void client.request('fix', { fix })} />
        </div>
      ))}
      <section class="facts" aria-label="What it costs and gains">{view.facts.map((fact) => <Fact key={fact.name} fact={fact} />)}</section>
      {view.remedies.length > 0 && <Remedies remedies={view.remedies} distanceOf={view.distanceOf} onApply={(index) => void client.request('remedy', { index })} />}
      {view.places && <Places places={view.places} />}
      {view.layers.length > 0 && <Layers layers={view.layers} />}
      {view.confusion && <Confusion confusion={view.confusion} />}
      {view.trials.length > 0 && <Trials trials={view.trials} distanceOf={view.distanceOf} />}
    </>
  );
};

const icons = { good: 'pass', warn: 'warning', info: 'info' } as const;
const marks = { better: '●', worse: '◆' } as const;

const Fact = ({ fact }: { readonly fact: FactView }) => (
  <div class="fact">
    <h3 title={fact.how}>{fact.name} <Basis basis={fact.basis} /></h3>
    <p><span class="big">{fact.value}</span> <span class="dim">{fact.unit}</span></p>
    <p class="dim small-text">{fact.tone && <i class={`mark ${fact.tone}`} aria-hidden="true">{marks[fact.tone]} </i>}{fact.note}</p>
  </div>
);

/** What brings less of the distance than this is of no use. */
const LEAST_GAIN = 0.005;

/** The best one as a sentence with a button that says its cost; the others below it. */
const Remedies = ({ remedies, distanceOf, onApply }: { readonly remedies: readonly RemedyView[]; readonly distanceOf: string; readonly onApply: (index: number) => void }) => (
  <section class="remedies">
    <h2>What would mend it</h2>
    <p class="dim small-text">Measured on validation samples, one layer at a time: {distanceOf}. Applying one writes a new file.</p>
    <div class="remedy-rows">
      {remedies.map((remedy, index) => (
        <div class="remedy" key={`${remedy.layer}/${remedy.form}`}>
          <span class="grow"><b>{remedy.layer}</b> <span class="dim">{remedy.op}</span> as {remedy.form}</span>
          <span class="bar" title={`${(remedy.gain * 100).toFixed(0)} % less distance`}><b style={{ width: `${remedy.gain * 100}%` }} /></span>
          <span class="cell">{remedy.distance}</span>
          <span class="cell">flash {remedy.flash}</span>
          <span class="cell">RAM {remedy.ram}</span>
          <span class="cell dim">{remedy.note}</span>
          {remedy.gain < LEAST_GAIN
            ? <span class="cell dim" title="It brings the outputs no nearer to those of the original">no use</span>
            : <Button primary={index === 0} onClick={() => onApply(index)}>{remedy.flash === 'no change' ? 'Apply' : `Apply · ${remedy.flash}`}</Button>}
        </div>
      ))}
    </div>
  </section>
);
