import { useEffect, useRef, useState } from 'preact/hooks';
import type { Fix } from '../../src/base/problem';
import { Button, Icon } from '../kit';
import { loadState, saveState } from '../shell/host';
import { ProblemState } from '../shell/problem';
import { Budgets } from './budgets';
import { Header } from './header';
import { LoadingBar, Skeleton } from './loading';
import { Messages } from './messages';
import { initialState, type InspectorState } from './state';
import { useModel } from './use-model';
import { useRequest } from './use-request';
import { Views } from './views';

/** Codes of problems that say that a budget is broken. */
const BUDGET = 'TINYML-BUDGET-';
/** Scrolling has come to rest after so long. */
const SCROLL_REST_MS = 250;
/** Keys that run over rows select the last one of them for other views. */
const SELECT_REST_MS = 80;

export const App = () => {
  const [state, setState] = useState<InspectorState>(() => loadState(initialState));
  // What the host has said is not told to it again.
  const told = useRef(state.selected);
  const { state: model, client, reload, cancel } = useModel((selected, follows) => {
    told.current = selected;
    change({ selected, more: [], ...(follows ? {} : { filter: '' }) });
  });
  // Scrolling draws only the rows: it is kept beside the state, and written down when it has come to rest.
  const scroll = useRef({ at: state.scroll, timer: 0 });
  useEffect(() => saveState({ ...state, scroll: scroll.current.at }), [state]);
  const scrolled = (at: number): void => {
    clearTimeout(scroll.current.timer);
    scroll.current = { at, timer: window.setTimeout(() => saveState({ ...latest.current, scroll: at }), SCROLL_REST_MS) };
  };
  useEffect(() => {
    const { selected } = state;
    if (selected === null || selected < 0 || selected === told.current) return;
    const timer = setTimeout(() => {
      told.current = selected;
      void client.request('selected', { index: selected });
    }, SELECT_REST_MS);
    return () => clearTimeout(timer);
  }, [state.selected]);
  const latest = useRef(state);
  latest.current = state;
  const change = (part: Partial<InspectorState>): void => setState((before) => ({ ...before, ...part }));
  const fix = (chosen: Fix): void => void client.request('fix', { fix: chosen });
  const copy = (text: string): void => void client.request('copy', { text });

  const { facts, view, problem, step, cancelled } = model;
  const breached = view?.problems.some(({ code }) => code.startsWith(BUDGET)) ?? false;
  const remedies = useRequest(client, 'remedies', view, breached && !problem).value ?? [];
  const problems = (view?.problems ?? []).map((one) => remedies.find(({ code, title }) => code === one.code && title === one.title) ?? one);
  if (!facts) return problem ? <ProblemState problem={problem} onFix={fix} onRetry={reload} onCopy={copy} /> : null;
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
          {!state.detail && <Budgets budgets={view.budgets} onSet={facts.trusted && !facts.version ? (resource) => void client.request('setBudget', { resource }) : undefined} />}
          {!state.detail && !facts.trusted && <div class="hint dim small-text">This folder is not trusted: the model can be looked at, nothing is built or written.</div>}
          {!state.detail && !facts.boardId && <div class="hint dim small-text">Choose a board to see time and whether it fits.</div>}
          {!state.detail && <Messages problems={problems} onFix={fix} />}
          <Views view={view} client={client} writable={facts.trusted && !facts.version} state={state} scroll={scroll.current.at} onScroll={scrolled} onState={change} onCopy={copy} problems={problems} onFix={fix} />
          {view.blocked && !state.detail && (
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
