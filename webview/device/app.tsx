import { useEffect, useState } from 'preact/hooks';
import { formatProblem, type Fix, type Problem } from '../../src/base/problem';
import type { DeviceState } from '../../src/messages/device';
import { Button, Icon, ProgressRing } from '../kit';
import { adviceOf, FixButtons } from '../shell/problem';
import { Aside } from './aside';
import { Bar } from './bar';
import { Current } from './current';
import { Lanes } from './lanes';
import { Tabs } from './tabs';
import { useDevice } from './use-device';

export const App = () => {
  const { history, state, paused, pause, client } = useDevice();
  const [cursor, setCursor] = useState<number | null>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { tagName } = event.target as HTMLElement;
      if (event.key !== ' ' || /^(BUTTON|INPUT|VSCODE-)/.test(tagName)) return;
      event.preventDefault();
      pause();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  });
  if (!history || !state) return null;
  const { totals } = history;
  const fix = (chosen: Fix): void => void client.request('fix', { fix: chosen });
  const rerun = (): void => void client.request('rerun', null);
  const hasMeasured = history.predictions.length > 0 || history.layers !== undefined;
  const began = totals.samples > 0 || history.texts.length > 0;
  return (
    <>
      <Bar
        state={state}
        onBoard={() => void client.request('chooseBoard', null)}
        onStop={() => void client.request('stop', null)}
        onRerun={rerun}
        onOutput={() => void client.request('showOutput', null)}
        onVerify={() => void client.request('verify', null)}
        onExport={() => void client.request('exportCsv', null)}
        onFeed={state.feeds ? (how) => void client.request('feed', { how }) : undefined}
        onRecord={state.canRecord && state.phase === 'streaming' ? () => void client.request('record', null) : undefined}
        paused={paused}
        onPause={began ? pause : undefined}
      />
      {state.problem && <ProblemRow problem={state.problem} onFix={fix} />}
      {began ? (
        <div class={`sides${hasMeasured ? '' : ' alone'}`}>
          <div class="main-side">
            {history.predictions.length > 0 && <Current history={history} number={cursor} />}
            {history.predictions.length > 0 && <Lanes history={history} cursor={cursor} onCursor={setCursor} />}
            <Tabs history={history} onSend={(text) => void client.request('send', { text })} />
          </div>
          {hasMeasured && <Aside history={history} onCalibrate={() => void client.request('calibrate', null)} onRequantize={() => void client.request('requantize', null)} />}
        </div>
      ) : (
        <Nothing state={state} onRun={rerun} />
      )}
    </>
  );
};

const ProblemRow = ({ problem, onFix }: { readonly problem: Problem; readonly onFix: (fix: Fix) => void }) => (
  <div class="problem" role="alert" title={formatProblem(problem)}>
    <Icon name={problem.severity} />
    <span class="text"><b>{problem.title}</b> <span class="dim">{[problem.detail?.split('\n')[0], ...adviceOf(problem)].filter(Boolean).join(' · ')}</span></span>
    <span class="row wrap"><FixButtons problem={problem} primary={false} onFix={onFix} /></span>
  </div>
);

/** Before the first prediction: what is going on, or what could. */
const Nothing = ({ state, onRun }: { readonly state: DeviceState; readonly onRun: () => void }) => {
  if (state.phase === 'preparing' || state.phase === 'streaming') {
    return <main class="state"><ProgressRing label={state.text} /><h2>{state.text}…</h2><p>{[state.model, state.board?.name].filter(Boolean).join(' on ')}</p></main>;
  }
  if (state.problem) return null;
  return (
    <main class="state">
      <Icon name="circuit-board" />
      <h2>{state.phase === 'idle' ? 'No board is running' : state.text}</h2>
      <p>Flash a model to see its predictions as the board makes them: on this computer, on a simulated board, or on a real one.</p>
      <div class="actions"><Button primary icon="zap" onClick={onRun}>{state.model ? 'Run again' : 'Flash and run…'}</Button></div>
    </main>
  );
};
