import { formatCount } from '../../src/base/units';
import type { InspectorAction, InspectorFacts, InspectorView } from '../../src/messages/inspector';
import { Button, Dropdown, Icon } from '../kit';

interface HeaderProps {
  readonly facts: InspectorFacts;
  readonly view?: InspectorView;
  readonly onBoard: (id: string | null) => void;
  readonly onAction: (action: InspectorAction) => void;
}

const verdictIcons = { plain: 'info', fits: 'pass', near: 'warning', over: 'error' } as const;
const verdictClasses = { plain: '', fits: 'good', near: 'warn', over: 'error' } as const;
const UNTRUSTED = 'This folder is not trusted: models can be looked at, nothing is built or written';

/** Facts joined by dots: a line ends between them, not inside of one. */
const Facts = ({ text }: { readonly text: string }) => <>{text.split(' · ').map((fact, i) => <span key={fact}>{i > 0 && ' · '}<span class="fact">{fact}</span></span>)}</>;

export const Header = ({ facts, view, onBoard, onAction }: HeaderProps) => {
  const options = [{ value: '', text: 'No board' }, ...facts.boards.map((board) => ({ value: board.id, text: `${board.name} · ${board.detail}` }))];
  const blocked = view?.blocked?.text;
  const busy = !view;
  const why = facts.trusted ? blocked : UNTRUSTED;
  return (
    <header class="top">
      <div class="title">
        <div class="row wrap">
          <h1 title={facts.name}>{facts.name}</h1>
          <span class="verdicts" role="status">
            {view?.verdict && (
              <span class={`pill ${verdictClasses[view.verdict.state]}`} title={view.verdict.title}>
                <Icon small name={verdictIcons[view.verdict.state]} />
                {view.verdict.text}
              </span>
            )}
            {facts.version && <span class="pill" title="Not the file on disk"><Icon small name="git-commit" />{facts.version}</span>}
            {view?.uncounted && (
              <span class="pill warn" title="Totals are lower bounds">
                <Icon small name="warning" />
                {view.uncounted}
              </span>
            )}
          </span>
        </div>
        <div class="dim small-text subtitle"><Facts text={view?.subtitle ?? `${facts.format} · ${formatCount(facts.bytes)} B`} /></div>
      </div>
      <div class="actions">
        <div class="board-picker"><Dropdown label="Board" value={facts.boardId ?? ''} options={options} onChange={(id) => onBoard(id || null)} /></div>
        <Button icon="git-compare" disabled={busy} title={facts.version ? 'Compare this version with the file on disk' : 'Compare with another model, layer by layer'} onClick={() => onAction('compare')}>
          Compare{facts.version ? '' : '…'}
        </Button>
        {!facts.version && (view?.isFloat ?? true) && (
          <Button icon="fold" disabled={busy || !facts.trusted} title={facts.trusted ? 'Write an int8 model beside this one' : UNTRUSTED} onClick={() => onAction('quantize')}>
            Quantize…
          </Button>
        )}
        {!facts.version && (
          <>
            <Button icon="file-code" disabled={busy || Boolean(why)} title={why ?? 'Write C sources beside this model'} onClick={() => onAction('generate')}>
              Generate C
            </Button>
            <Button primary icon="zap" disabled={busy || Boolean(why)} title={why ?? 'Build firmware, flash it and watch its predictions'} onClick={() => onAction('flash')}>
              Flash and run…
            </Button>
          </>
        )}
      </div>
    </header>
  );
};
