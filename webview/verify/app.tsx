import { useEffect, useState } from 'preact/hooks';
import { formatProblem } from '../../src/base/problem';
import type { VerifyResultView, VerifyView } from '../../src/messages/verify';
import { Button, Icon, ProgressRing } from '../kit';
import { ProblemState } from '../shell/problem';
import { Detail } from './detail';
import { Layers } from './layers';
import { nextDifference } from './next-difference';
import { useVerify } from './use-verify';

export const App = () => {
  const [selected, select] = useState<number | null>(null);
  const { view, client } = useVerify((by) => select((now) => nextDifference(view?.result, now, by)));
  const result = view?.result;
  useEffect(() => select(result?.selected ?? null), [result]);
  if (!view) return null;
  const request = (name: 'rerun' | 'stop' | 'chooseBoard' | 'flash' | 'saveReport') => (): void => void client.request(name, null);
  return (
    <>
      <header class="bar">
        <button type="button" class="board" onClick={request('chooseBoard')} title="Choose another board for the next run">
          <Icon small name="circuit-board" />
          <b>{view.board ?? 'No board'}</b>
          <Icon small name="chevron-down" />
        </button>
        <span class="phase" role="status"><i class={`dot ${dots[view.phase]}`} aria-hidden="true" />{view.text}</span>
        <span class="dim small-text facts" title={view.firmware}>{[view.model, view.firmware].filter(Boolean).join(' · ')}</span>
        <span class="grow" />
        {view.phase === 'running' ? <Button primary icon="debug-stop" onClick={request('stop')}>Stop</Button> : <Button primary={!result || result.equal} icon="play" onClick={request('rerun')}>{view.model ? 'Run again' : 'Verify…'}</Button>}
        {result && <Button icon="export" onClick={request('saveReport')}>Report</Button>}
      </header>
      {result ? (
        <>
          <Verdict result={result} onFlash={request('flash')} onKernel={(kernel) => void client.request('openKernel', { kernel })} />
          <Tiles result={result} />
          {result.layers.length > 0 && (
            <div class="sides">
              <Layers result={result} selected={selected} onSelect={select} />
              <Detail result={result} layer={selected} />
            </div>
          )}
          <footer class="dim small-text">{result.basis}</footer>
        </>
      ) : (
        <Waiting view={view} onRun={request('rerun')} onFix={(fix) => void client.request('fix', { fix })} />
      )}
    </>
  );
};

const dots: Readonly<Record<VerifyView['phase'], string>> = { idle: 'idle', running: 'preparing', done: 'finished', stopped: 'idle', failed: 'failed' };

interface VerdictProps {
  readonly result: VerifyResultView;
  readonly onFlash: () => void;
  readonly onKernel: (kernel: string) => void;
}

const Verdict = ({ result, onFlash, onKernel }: VerdictProps) => {
  const cause = result.differences.find((difference) => difference.cause);
  const kernel = cause && result.layers[cause.layer].kernel;
  return (
    <div class="verdict" role="status">
      <Icon name={result.equal ? 'pass' : 'warning'} />
      <h2 class="grow">{result.verdict}</h2>
      {!result.equal && <Button primary onClick={onFlash}>Rebuild and flash</Button>}
      {kernel && <Button icon="go-to-file" title={kernel} onClick={() => onKernel(kernel)}>Open kernel</Button>}
    </div>
  );
};

const Tiles = ({ result }: { readonly result: VerifyResultView }) => (
  <div class="tiles">
    {result.tiles.map(({ title, value, of, differs }) => (
      <div key={title} class="tile" data-tile={title}>
        <h3>{title}</h3>
        <div class={differs ? 'differs' : ''}><b>{value}</b> <span class="dim">{of}</span></div>
      </div>
    ))}
  </div>
);

interface WaitingProps {
  readonly view: VerifyView;
  readonly onRun: () => void;
  readonly onFix: Parameters<typeof ProblemState>[0]['onFix'];
}

const Waiting = ({ view, onRun, onFix }: WaitingProps) => {
  if (view.phase === 'running') return <main class="state"><ProgressRing label={view.text} /><h2>{view.text}…</h2><p>{[view.model, view.board].filter(Boolean).join(' on ')}</p></main>;
  if (view.problem) return <ProblemState problem={view.problem} onFix={onFix} onRetry={onRun} onCopy={() => void navigator.clipboard.writeText(formatProblem(view.problem!))} />;
  return (
    <main class="state">
      <Icon name="verified" />
      <h2>{view.text}</h2>
      <p>Run test samples through the float model, the int8 model on this computer, and the board. Where they differ, the first layer that does is found.</p>
      <div class="actions"><Button primary icon="play" onClick={onRun}>{view.model ? 'Run again' : 'Verify…'}</Button></div>
    </main>
  );
};
