/** Where the person says how the loss is to be run: a line for each parameter, one for the axes, one for the number of classes. */
import { correctionProblem, givenForms, layouts, takesValue } from '../src/corrections';
import type { GivenAs, ParameterCorrection, RowsLayout, RunInput } from '../src/inspection';
import { element, type Child } from './dom';
import { formatConstant } from './format';
import type { Page } from './page';
import { button, dropdown, textField } from './toolkit';

/** What was typed or chosen and cannot be run yet, by what it is of. */
export interface Unfinished {
  readonly as?: GivenAs;
  readonly text?: string;
}

/** Of the number of classes; no parameter is called so. */
const classesKey = ' K';

/** Whether something of the loss can be said otherwise. */
export const isCorrectable = ({ inputs }: Page['inspection']): boolean =>
  inputs.some(({ choices, layout }) => choices !== undefined || layout !== undefined);

export function corrections(page: Page): Child {
  const { inspection, words } = page;
  const of = inspection.inputs.filter(({ choices }) => choices !== undefined);
  const layout = inspection.inputs.find((input) => input.layout !== undefined)?.layout;
  return element(
    'ul',
    { class: 'corrections', 'data-key': 'corrections', 'aria-label': words.correct.title },
    of.map((input) => parameterRow(page, input)),
    layout !== undefined && layoutRow(page, layout),
    inspection.inputs.some(({ role }) => role === 'classes') && classesRow(page),
  );
}

const nameOf = ({ name, parameter }: RunInput): string => parameter ?? name;

const toldOf = (page: Page, name: string): ParameterCorrection | undefined =>
  page.inspection.corrected?.parameters?.find((one) => one.name === name);

function parameterRow(page: Page, input: RunInput): HTMLElement {
  const { words, act } = page;
  const name = nameOf(input);
  const told = toldOf(page, name);
  const pending = page.unfinished[name];
  const as = pending?.as ?? input.as ?? 'value';
  const kept = told?.value ?? (input.value === undefined ? '' : valueText(input.value));
  const text = pending?.text ?? (takesValue(as) || as === 'default' ? kept : '');
  const send = (correction: ParameterCorrection): void => {
    act.correct(name, { parameters: [correction] });
  };
  const choose = (chosen: GivenAs): void => {
    const value = takesValue(chosen) && chosen === told?.as ? told.value : undefined;
    // A value has to be said before anything can be run with it.
    if (chosen === 'value' && value === undefined) act.leaveUnfinished(name, { as: chosen, text: input.value === undefined ? '' : text });
    else send({ name, as: chosen, ...(value === undefined ? {} : { value }) });
  };
  const write = (written: string): void => {
    const form = pending?.as ?? told?.as ?? (input.as === 'smoothing' ? input.as : undefined);
    const said: ParameterCorrection = { name, ...(form === undefined || form === 'default' ? {} : { as: form }), value: written.trim() };
    if (written.trim() === '' && form === 'weight') send({ name, as: form });
    else if (written.trim() === '' || correctionProblem(said) !== null) act.leaveUnfinished(name, { ...pending, text: written });
    else send(said);
  };
  const problem = pending?.text !== undefined && pending.text.trim() !== '' && isRefused(name, as, pending.text);
  return row(
    page,
    name,
    told !== undefined,
    { kind: 'parameter', name },
    dropdown({
      key: 'as',
      label: words.correct.roleOf(name),
      choices: choicesOf(input, as).map((value) => ({ value, text: words.correct.forms[value] })),
      value: as,
      onChange: (value) => {
        choose(value as GivenAs);
      },
    }),
    (takesValue(as) || as === 'default') &&
      textField({
        key: 'value',
        label: words.correct.valueOf(name),
        value: text,
        placeholder: as === 'weight' ? '[1, 2, 1]' : words.correct.placeholder,
        invalid: problem,
        describedBy: problem ? `problem-of-${name}` : null,
        onInput: (typed) => {
          act.leaveUnfinished(name, { ...pending, text: typed });
        },
        onChange: write,
      }),
    problem &&
      element(
        'p',
        { class: 'refused', id: `problem-of-${name}`, role: 'alert' },
        words.correct.refused[as === 'smoothing' ? 'smoothing' : as === 'weight' ? 'weight' : 'value'],
      ),
  );
}

const isRefused = (name: string, as: GivenAs, value: string): boolean =>
  correctionProblem({ name, ...(as === 'default' ? {} : { as }), value: value.trim() }) !== null;

/** The choices that the code allows, with the one that is. */
const choicesOf = ({ choices = [] }: RunInput, as: GivenAs): readonly GivenAs[] =>
  givenForms.filter((form) => form === as || choices.includes(form));

/** As it would be written in the code. */
function valueText(value: NonNullable<RunInput['value']> | null): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? formatConstant(value) : `'${value}'`;
}

function layoutRow(page: Page, layout: RowsLayout): HTMLElement {
  const { words, act, inspection } = page;
  const isTold = inspection.corrected?.layout !== undefined;
  return row(
    page,
    words.correct.axes,
    isTold,
    { kind: 'layout' },
    dropdown({
      key: 'layout',
      label: words.correct.axesOf,
      choices: layouts.map((value) => ({ value, text: words.correct.layouts[value] })),
      value: layout,
      onChange: (value) => {
        act.correct(null, { layout: value as RowsLayout });
      },
    }),
  );
}

function classesRow(page: Page): HTMLElement {
  const { words, act, inspection } = page;
  const typed = page.unfinished[classesKey]?.text;
  const wrong = typed !== undefined && typed.trim() !== '' && classesOf(typed) === null;
  return row(
    page,
    'K',
    inspection.corrected?.classes !== undefined,
    { kind: 'classes' },
    element('span', { class: 'dim' }, words.correct.forms.classes),
    textField({
      key: 'value',
      label: words.correct.forms.classes,
      value: typed ?? String(inspection.classes ?? ''),
      invalid: wrong,
      describedBy: wrong ? 'problem-of-K' : null,
      onInput: (text) => {
        act.leaveUnfinished(classesKey, { text });
      },
      onChange: (text) => {
        const classes = classesOf(text);
        if (classes === null) act.leaveUnfinished(classesKey, { text });
        else if (classes !== inspection.classes) act.correct(classesKey, { classes });
      },
    }),
    wrong && element('p', { class: 'refused', id: 'problem-of-K', role: 'alert' }, words.correct.refused.classes),
  );
}

/** More are not run. */
const mostClasses = 10_000;

function classesOf(text: string): number | null {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  return value >= 1 && value <= mostClasses ? value : null;
}

type Thing = Parameters<Page['act']['resetCorrection']>[0];

function row(page: Page, name: string, isTold: boolean, thing: Thing, ...controls: readonly Child[]): HTMLElement {
  const { words, act } = page;
  return element(
    'li',
    { 'data-key': `correct-${name}`, class: isTold ? 'told' : null },
    element('code', { class: 'name' }, name),
    element('div', { class: 'controls' }, controls),
    isTold
      ? button(
          {
            key: 'reset',
            label: words.correct.resetOf(name),
            title: words.correct.resetOf(name),
            onClick: () => {
              act.resetCorrection(thing);
            },
          },
          words.reset,
        )
      : null,
  );
}
