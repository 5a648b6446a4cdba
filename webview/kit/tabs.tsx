import { useRef } from 'preact/hooks';

interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly text: string }[];
  readonly current: T;
  readonly onChange: (id: T) => void;
}

/** One stop for Tab, arrow keys inside. */
export function Tabs<T extends string>({ label, tabs, current, onChange }: TabsProps<T>) {
  const root = useRef<HTMLDivElement>(null);
  const keyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.id === current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + tabs.length) % tabs.length;
    onChange(tabs[next].id);
    root.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={root} onKeyDown={keyDown}>
      {tabs.map(({ id, text }) => (
        <button key={id} type="button" role="tab" id={`tab-${id}`} data-tab={id} aria-selected={id === current} aria-controls="tab-panel" tabIndex={id === current ? 0 : -1} onClick={() => onChange(id)}>
          {text}
        </button>
      ))}
    </div>
  );
}
