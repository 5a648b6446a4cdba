import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './index';

export interface MenuItem {
  readonly id: string;
  readonly text: string;
  /** Present: a mark that can be set and taken away. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly title?: string;
}

interface MenuButtonProps {
  readonly icon: string;
  /** Tooltip of the button and name of the menu. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onChoose: (id: string) => void;
}

/** With less room than this below it a menu opens upwards, where there is more. */
const LEAST_ROOM_PX = 300;
const EDGE_PX = 12;

/** A button that opens a list of actions or marks; marks leave it open. Arrow keys move, Enter or Space chooses, Escape closes. */
export const MenuButton = ({ icon, label, items, onChoose }: MenuButtonProps) => {
  const [open, setOpen] = useState(false);
  // Towards the side with more room, and no longer than that.
  const [place, setPlace] = useState({ up: false, roomPx: 0 });
  const toggle = (): void => {
    const { top, bottom } = button.current!.getBoundingClientRect();
    const [above, below] = [top, innerHeight - bottom];
    const up = below < LEAST_ROOM_PX && above > below;
    setPlace({ up, roomPx: (up ? above : below) - EDGE_PX });
    setOpen(!open);
  };
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const rows = (): HTMLButtonElement[] => [...(root.current?.querySelectorAll<HTMLButtonElement>('.menu button:not([disabled])') ?? [])];
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    rows()[0]?.focus({ preventScroll: true });
    const outside = (event: MouseEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('mousedown', outside);
    return () => document.removeEventListener('mousedown', outside);
  }, [open]);
  const keyDown = (event: KeyboardEvent): void => {
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    // Tab goes on to what comes next: the menu does not stay behind.
    if (event.key === 'Tab') setOpen(false);
    if (event.key !== 'Escape' && to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === undefined) close();
    else all[to]?.focus();
  };
  const choose = (item: MenuItem): void => {
    onChoose(item.id);
    if (item.checked === undefined) close();
  };
  return (
    <div class="menu-button" ref={root} onKeyDown={open ? keyDown : undefined}>
      <button ref={button} type="button" class="icon-button" title={label} aria-label={label} aria-haspopup="menu" aria-expanded={open} onClick={toggle}>
        <Icon name={icon} />
      </button>
      {open && (
        <div class={`menu${place.up ? ' up' : ''}`} role="menu" aria-label={label} style={{ maxHeight: `${place.roomPx}px` }}>
          {items.map((item) => (
            <button
              key={item.id}
              type="button"
              role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
              aria-checked={item.checked}
              disabled={item.disabled}
              title={item.title}
              data-item={item.id}
              onClick={() => choose(item)}
            >
              <span class="mark">{item.checked && <Icon small name="check" />}</span>
              {item.text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
};
