import { formatCount } from '../../src/base/units';
import { TextField } from '../kit';

interface ToolbarProps {
  readonly filter: string;
  readonly shown: number;
  readonly total: number;
  readonly filterRef: { current: HTMLElement | null };
  readonly onFilter: (text: string) => void;
  readonly onLeave: () => void;
}

export const Toolbar = ({ filter, shown, total, filterRef, onFilter, onLeave }: ToolbarProps) => {
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (filter) onFilter('');
      else onLeave();
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      onLeave();
    }
  };
  return (
    <div class="toolbar" role="toolbar" aria-label="Layers">
      <h2>Layers</h2>
      <TextField label="Filter layers by name or op" placeholder="Filter by name or op" icon="filter" value={filter} onInput={onFilter} onKeyDown={keyDown} inputRef={filterRef} />
      <span class="dim small-text count" role="status">{formatCount(shown)} of {formatCount(total)} {total === 1 ? 'layer' : 'layers'} <kbd>/</kbd></span>
      <span class="grow" />
      <span class="legend" aria-hidden="true">
        <span><i class="conv" />Conv, dense</span>
        <span><i class="depthwise" />Depthwise</span>
        <span><i class="other" />Other</span>
      </span>
    </div>
  );
};
