import { useState } from 'preact/hooks';
import { Basis, Button, Icon } from '../kit';
import { MenuButton } from '../kit/menu';
import { loadState, saveState } from '../shell/host';
import { ProblemState } from '../shell/problem';
import type { CompareView, Direction, TileView } from '../../src/messages/compare';
import { AccuracySide } from './accuracy';
import { PairTable } from './pair-table';
import { useComparison, type Comparison } from './use-comparison';

export const App = () => {
  const { state, client, stepRef, reload } = useComparison();
  const [onlyChanged, setOnlyChanged] = useState(() => loadState({ onlyChanged: false }).onlyChanged);
  const showOnlyChanged = (on: boolean): void => {
    setOnlyChanged(on);
    saveState({ ...loadState({}), onlyChanged: on });
  };
  const { view, problem, step } = state;
  if (problem) return <ProblemState problem={problem} onFix={(fix) => void client.request('fix', { fix })} onRetry={reload} onCopy={(text) => void client.request('copy', { text })} />;
  if (!view) return <div class="state" role="status"><p>{step?.stage}… {step?.total ? `${step.done} of ${step.total}` : ''}</p></div>;
  return (
    <>
      <Head view={view} client={client} />
      <section class="tiles" aria-label="Totals">{view.tiles.map((tile) => <Tile key={tile.id} tile={tile} />)}</section>
      <div class="toolbar">
        <h2>Layers</h2>
        <label class="check"><input type="checkbox" checked={onlyChanged} onChange={(event) => showOnlyChanged(event.currentTarget.checked)} /> Only changed</label>
        <span class="dim small-text count" role="status">{view.matchedText}</span>
        <span class="grow" />
        <span class="legend" aria-hidden="true"><span><i class="conv" />less (better)</span><span><i class="depthwise" />more (worse)</span></span>
        {view.measurable && !view.accuracy && <Button icon="beaker" title="Runs both models on the labelled test samples" onClick={() => void client.request('measure', null)}>Measure accuracy</Button>}
        <MenuButton
          icon="export"
          label="Export"
          items={[{ id: 'csv', text: 'Layers as CSV…' }, { id: 'markdown', text: 'Comparison as Markdown…' }, { id: 'json', text: 'Comparison as JSON…' }]}
          onChoose={(id) => void client.request('save', { what: id as 'csv' })}
        />
      </div>
      <div class={`compare-main${view.accuracy ? ' with-side' : ''}`}>
        <PairTable stepRef={stepRef} view={view} onlyChanged={onlyChanged} onOpen={(side, layer) => void client.request('open', { side, layer })} onCopy={(text) => void client.request('copy', { text })} />
        {view.accuracy && <AccuracySide accuracy={view.accuracy} />}
      </div>
      <footer class="foot dim small-text">{view.note}</footer>
    </>
  );
};

const Head = ({ view, client }: { readonly view: CompareView; readonly client: Comparison['client'] }) => (
  <header class="top">
    <div class="title">
      <div class="row wrap">
        <h1 title={`${view.beforeName} → ${view.afterName}`}>
          <button type="button" class="plain" onClick={() => void client.request('open', { side: 'before' })}>{view.beforeName}</button> <span class="dim">→</span>{' '}
          <button type="button" class="plain" onClick={() => void client.request('open', { side: 'after' })}>{view.afterName}</button>
        </h1>
        <span class="verdicts" role="status"><span class="pill good"><Icon small name="git-compare" />{view.sentence}</span></span>
      </div>
      <div class="dim small-text subtitle">{view.subtitle}</div>
    </div>
    <div class="actions"><Button icon="arrow-swap" onClick={() => void client.request('swap', null)}>Swap</Button></div>
  </header>
);

const marks: Readonly<Record<Direction, string>> = { better: '●', worse: '◆', same: '', unknown: '' };
const words: Readonly<Record<Direction, string>> = { better: 'better', worse: 'worse', same: '', unknown: 'not comparable' };

const Tile = ({ tile }: { readonly tile: TileView }) => (
  <div class="budget" data-tile={tile.id}>
    <div class="row"><h3 class="grow">{tile.title}</h3><Basis basis={tile.basis} /></div>
    <div class="figure"><span>{tile.value}</span> <small>{tile.unit}</small></div>
    <div class="dim small-text note">
      {tile.was}{tile.change && <> · {marks[tile.direction] && <span class={`mark ${tile.direction}`} role="img" aria-label={words[tile.direction]}>{marks[tile.direction]}</span>} <strong>{tile.change}</strong></>}
    </div>
  </div>
);
