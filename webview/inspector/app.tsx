import { useEffect, useState } from 'preact/hooks';
import type { Fix } from '../../src/base/problem';
import { Button, Icon } from '../kit';
import { loadState, saveState } from '../shell/host';
import { ProblemState } from '../shell/problem';
import { Budgets } from './budgets';
import { Header } from './header';
import { Layers } from './layers';
import { LoadingBar, Skeleton } from './loading';
import { Messages } from './messages';
import { initialState, type InspectorState } from './state';
import { useModel } from './use-model';

export const App = () => {
  const [state, setState] = useState<InspectorState>(() => loadState(initialState));
  const { state: model, client, reload, cancel } = useModel((selected) => setState((before) => ({ ...before, selected })));
  useEffect(() => saveState(state), [state]);
  const change = (part: Partial<InspectorState>): void => setState((before) => ({ ...before, ...part }));
  const fix = (chosen: Fix): void => void client.request('fix', { fix: chosen });
  const copy = (text: string): void => void client.request('copy', { text });

  const { facts, view, problem, step, cancelled } = model;
  if (!facts) return null;
  const header = (
    <Header facts={facts} view={problem ? undefined : view} onBoard={(id) => void client.request('chooseBoard', { id })} onAction={(action) => void client.request('run', { action })} />
  );
  if (problem) return <>{header}<ProblemState problem={problem} onFix={fix} onRetry={reload} onCopy={copy} /></>;
  return (
    <>
      {header}
      {step && <LoadingBar step={step} onCancel={cancel} />}
      {cancelled && !view && (
        <main class="state"><Icon name="circle-slash" /><h2>Reading was cancelled</h2><div class="actions"><Button primary onClick={reload}>Read the model</Button></div></main>
      )}
      {!view && step && <Skeleton />}
      {view && (
        <>
          <Budgets budgets={view.budgets} />
          {!facts.trusted && <div class="hint dim small-text">This folder is not trusted: the model can be looked at, nothing is built or written.</div>}
          {!facts.boardId && <div class="hint dim small-text">Choose a board to see whether it fits.</div>}
          <Messages problems={view.problems} onFix={fix} />
          <Layers view={view} state={state} onState={change} onCopy={copy} />
          {view.blocked && (
            <footer class="blocked">
              <Icon name="circle-slash" />
              <span class="grow">{view.blocked.text}</span>
              <Button icon="copy" onClick={() => copy(view.blocked!.list)}>Copy list</Button>
            </footer>
          )}
        </>
      )}
    </>
  );
};
