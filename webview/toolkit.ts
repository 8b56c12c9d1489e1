/** The one place that knows the webview UI toolkit. Its elements are registered on import, which must happen before window's `load`. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { element, type Child } from './dom';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());

export interface ButtonOptions {
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  readonly key?: string;
  readonly label?: string;
  readonly title?: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function button(options: ButtonOptions, ...children: readonly Child[]): HTMLElement {
  return element(
    'vscode-button',
    {
      appearance: options.appearance ?? 'secondary',
      'data-key': options.key,
      'aria-label': options.label,
      title: options.title,
      set: { disabled: options.disabled ?? false },
      on: { click: options.onClick },
    },
    ...children,
  );
}

export function checkbox(
  options: { readonly key: string; readonly checked: boolean; readonly onChange: (checked: boolean) => void },
  label: string,
): HTMLElement {
  return element(
    'vscode-checkbox',
    {
      'data-key': options.key,
      set: { checked: options.checked },
      on: {
        change: (event) => {
          const checked = Boolean(Reflect.get(event.currentTarget as Element, 'checked'));
          if (checked !== options.checked) options.onChange(checked);
        },
      },
    },
    label,
  );
}

export function dropdown(options: {
  readonly key: string;
  readonly label: string;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}): HTMLElement {
  return element(
    'vscode-dropdown',
    {
      'data-key': options.key,
      'aria-label': options.label,
      // Set last, when the options stand: FAST looks the value up among them.
      set: { value: options.value },
      on: {
        change: (event) => {
          const value = String(Reflect.get(event.currentTarget as Element, 'value'));
          if (value !== options.value) options.onChange(value);
        },
      },
    },
    options.choices.map(({ value, text }) =>
      element('vscode-option', { value, 'data-key': value, selected: value === options.value }, text),
    ),
  );
}

export function textField(options: {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly invalid: boolean;
  readonly describedBy?: string | null;
  readonly onInput: (value: string) => void;
  /** It is finished: Enter, or the focus went elsewhere. */
  readonly onChange?: (value: string) => void;
}): HTMLElement {
  return element('vscode-text-field', {
    'data-key': options.key,
    class: options.invalid ? 'invalid' : null,
    placeholder: options.placeholder,
    'aria-label': options.label,
    'aria-invalid': options.invalid ? 'true' : null,
    'aria-describedby': options.describedBy,
    set: { value: options.value },
    on: {
      input: (event) => {
        options.onInput(String(Reflect.get(event.currentTarget as Element, 'value')));
      },
      change: (event) => {
        options.onChange?.(String(Reflect.get(event.currentTarget as Element, 'value')));
      },
    },
  });
}
