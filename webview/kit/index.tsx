import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { BasisView } from '../../src/messages/inspector';

export { registerToolkit } from './toolkit';

/** Custom elements are given attributes and events as the DOM has them; types beyond that would only repeat the toolkit's. */
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ToolkitAttributes;
      'vscode-dropdown': ToolkitAttributes;
      'vscode-option': ToolkitAttributes;
      'vscode-progress-ring': ToolkitAttributes;
      'vscode-text-field': ToolkitAttributes;
    }
  }
}
interface ToolkitAttributes {
  readonly [attribute: string]: unknown;
  readonly children?: ComponentChildren;
}

/** A codicon. Decorative: whatever it says is said in words beside it, or by the `aria-label` of its button. */
export const Icon = ({ name, small }: { readonly name: string; readonly small?: boolean }) => (
  <span class={`codicon codicon-${name}${small ? ' small' : ''}`} aria-hidden="true" />
);

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly icon?: string;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly title?: string;
  readonly onClick: () => void;
}

export const Button = ({ children, icon, primary, disabled, title, onClick }: ButtonProps) => (
  <vscode-button class={`kit-button${icon ? ' with-icon' : ''}`} appearance={primary ? 'primary' : 'secondary'} disabled={Boolean(disabled)} title={title} onClick={disabled ? undefined : onClick}>
    {icon && <span slot="start" class={`codicon codicon-${icon}`} aria-hidden="true" />}
    {children}
  </vscode-button>
);

/** A button that shows its icon only; `label` is its tooltip and its name for a screen reader. */
interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly onClick: () => void;
  readonly expanded?: boolean;
  /** Present: a switch. */
  readonly pressed?: boolean;
}

export const IconButton = ({ icon, label, onClick, expanded, pressed }: IconButtonProps) => (
  <button type="button" class="icon-button" title={label} aria-label={label} aria-expanded={expanded} aria-pressed={pressed} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

interface DropdownProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
}

export const Dropdown = ({ label, value, options, onChange }: DropdownProps) => {
  const ref = useRef<HTMLElement & { value: string }>(null);
  // The element reads its value only after its options are there.
  useEffect(() => {
    if (ref.current && ref.current.value !== value) ref.current.value = value;
  }, [value, options]);
  return (
    <vscode-dropdown class="kit-dropdown" ref={ref} aria-label={label} onchange={() => ref.current && ref.current.value !== value && onChange(ref.current.value)}>
      {options.map((option) => (
        <vscode-option key={option.value} value={option.value} selected={option.value === value}>
          {option.text}
        </vscode-option>
      ))}
    </vscode-dropdown>
  );
};

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly icon?: string;
  readonly onInput: (value: string) => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly inputRef?: { current: HTMLElement | null };
}

export const TextField = ({ label, value, placeholder, icon, onInput, onKeyDown, inputRef }: TextFieldProps) => (
  <vscode-text-field
    class="kit-text-field"
    ref={inputRef}
    aria-label={label}
    value={value}
    placeholder={placeholder}
    onInput={(event: Event) => onInput((event.target as HTMLInputElement).value)}
    onKeyDown={onKeyDown}
  >
    {icon && <span slot="start" class={`codicon codicon-${icon}`} aria-hidden="true" />}
  </vscode-text-field>
);

export const ProgressRing = ({ label }: { readonly label: string }) => <vscode-progress-ring class="kit-progress" aria-label={label} />;

type ShownBasis = BasisView | 'calibrated';

const basisTitles: Readonly<Record<ShownBasis, string>> = {
  exact: 'Counted from the plan and the bytes that the code generator uses',
  modelled: 'Computed from a cost model, not yet measured',
  calibrated: 'Modelled, and scaled by a measurement on the very board',
  measured: 'Measured on the board, on a simulator, or from the compiled program',
};

/** How the number beside it came to be: shape and word, not colour. */
export const Basis = ({ basis }: { readonly basis: ShownBasis }) => (
  <span class={`basis ${basis}`} title={basisTitles[basis]}>
    <i aria-hidden="true" />
    {basis}
  </span>
);
