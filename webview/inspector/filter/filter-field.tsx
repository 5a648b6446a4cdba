import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon } from '../../kit';
import { completionsAt, type Completions } from './complete';
import type { FilterRow } from './fields';
import type { FilterError } from './parse';

interface FilterFieldProps {
  readonly value: string;
  readonly errors: readonly FilterError[];
  readonly rows: readonly FilterRow[];
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly onChange: (text: string) => void;
  readonly onLeave: () => void;
}

const nothing: Completions = { from: 0, to: 0, items: [] };

/** The filter: terms that cannot be read are underlined, and what may come next is offered while typing. */
export const FilterField = ({ value, errors, rows, inputRef, onChange, onLeave }: FilterFieldProps) => {
  const [offered, setOffered] = useState<Completions>(nothing);
  const [at, setAt] = useState(-1);
  const [shift, setShift] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const offer = (text: string, caret: number): void => {
    setOffered(completionsAt(text, caret, rows));
    setAt(-1);
  };
  const accept = (index: number): void => {
    const { from, to, items } = offered;
    const text = value.slice(0, from) + items[index].text + value.slice(to);
    onChange(text);
    setOffered(nothing);
    const caret = from + items[index].text.length;
    requestAnimationFrame(() => {
      inputRef.current?.focus();
      inputRef.current?.setSelectionRange(caret, caret);
      if (/[:>]$/.test(items[index].text)) offer(text, caret);
    });
  };
  const keyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    const { items } = offered;
    if (items.length && (key === 'ArrowDown' || key === 'ArrowUp')) setAt((at + (key === 'ArrowDown' ? 1 : items.length)) % items.length);
    else if (items.length && at >= 0 && (key === 'Enter' || key === 'Tab')) accept(at);
    else if (items.length && key === 'Escape') setOffered(nothing);
    else if (key === 'Escape') value ? onChange('') : onLeave();
    else if (key === 'Enter' || key === 'ArrowDown') onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const open = offered.items.length > 0;
  return (
    <div class="filter">
      <Icon small name="filter" />
      <div class="filter-text">
        <div class="filter-marks" aria-hidden="true"><span style={{ transform: `translateX(${-shift}px)` }}>{marked(value, errors)}</span></div>
        <input
          ref={inputRef}
          type="text"
          role="combobox"
          aria-label="Filter layers"
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls="filter-offers"
          aria-activedescendant={at >= 0 ? `offer-${at}` : undefined}
          aria-invalid={errors.length > 0}
          aria-describedby="filter-error"
          spellcheck={false}
          placeholder="Filter, e.g. op:conv macs>100k"
          value={value}
          onInput={(event) => {
            const { value: text, selectionStart } = event.currentTarget;
            onChange(text);
            offer(text, selectionStart ?? text.length);
          }}
          onScroll={(event) => setShift(event.currentTarget.scrollLeft)}
          onKeyDown={keyDown}
          onBlur={() => setOffered(nothing)}
        />
      </div>
      {value && <button type="button" class="filter-clear" tabIndex={-1} title="Clear filter (Escape)" aria-label="Clear filter" onClick={() => onChange('')}><Icon small name="close" /></button>}
      <ul class="offers" id="filter-offers" role="listbox" aria-label="Completions" ref={list} hidden={!open}>
        {offered.items.map((item, i) => (
          <li key={item.text} id={`offer-${i}`} role="option" aria-selected={i === at} onMouseDown={(event) => (event.preventDefault(), accept(i))}>
            <b>{item.text}</b><span class="dim">{item.help}</span>
          </li>
        ))}
      </ul>
      <div class="filter-error" id="filter-error" role="status">{errors.length > 0 && <><Icon small name="error" />{errors[0].message}</>}</div>
    </div>
  );
};

/** The text again, under the field, with what cannot be read underlined. */
function marked(text: string, errors: readonly FilterError[]) {
  let at = 0;
  const parts = errors.flatMap(({ from, to }) => {
    const part = [text.slice(at, from), <u key={from}>{text.slice(from, to)}</u>];
    at = to;
    return part;
  });
  return [...parts, text.slice(at)];
}
