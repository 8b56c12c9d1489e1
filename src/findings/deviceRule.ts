/** A device written into the loss. */
import { walk } from '../detection/walk';
import type { Call, Expression, Range } from '../language/program';
import { callsOf, keyword, operationOf, statementsOf, stringValue, textOf } from './code';
import type { Fix, Found, Rule, Subject } from './rule';
import { bodyRange, spellingsOf } from './spelling';

export const hardCodedDevice: Rule = {
  id: 'hard-coded-device',
  severity: 'info',
  title: 'The loss names a CUDA device',
  look(subject) {
    const { site } = subject;
    if (site.framework !== 'torch' || (site.kind !== 'class' && site.kind !== 'function')) return [];
    const guarded = guardedRanges(subject);
    return callsOf(site).flatMap((call): readonly Found[] => {
      const named = namedDevice(call);
      if (named === null || guarded.some((range) => within(call.range, range))) return [];
      const message = `\`${named.text(textOf(site, named.shown))}\` ties the loss to a CUDA device: it fails where there is none, and when the logits are on another one. Use the device that the logits are on.`;
      return [{ range: named.shown.range, message, fixes: onLogitsDevice(subject, call, named) }];
    });
  },
};

interface NamedDevice {
  readonly shown: Expression;
  readonly text: (code: string) => string;
  /** What a device of the logits is written in place of, and how. */
  readonly edit: { readonly range: Range; readonly write: (device: string) => string } | null;
}

const isCuda = (expression: Expression | null): boolean => /^cuda(:\d+)?$/u.test(stringValue(expression) ?? '');

/** `'cuda'` or `torch.device('cuda:0')`, the whole of it. */
function deviceIn(expression: Expression | null): Expression | null {
  if (isCuda(expression)) return expression;
  if (expression?.kind !== 'call' || operationOf(expression) !== 'device') return null;
  return isCuda(expression.arguments[0] ?? null) ? expression : null;
}

function namedDevice(call: Call): NamedDevice | null {
  const { callee, range } = call;
  const as = (device: Expression, shown: Expression): NamedDevice => ({
    shown,
    text: firstLine,
    edit: { range: device.range, write: (text) => text },
  });
  const given = deviceIn(keyword(call, 'device'));
  if (given !== null) return as(given, given);
  if (callee.kind !== 'attribute' || isModule(callee.object)) return null;
  if (callee.name === 'to') {
    const device = deviceIn(call.arguments[0] ?? null);
    return device === null ? null : as(device, device);
  }
  if (callee.name !== 'cuda' || call.arguments.length + call.keywords.length > 1) return null;
  const method = { start: callee.nameRange.start, end: range.end };
  return {
    shown: call,
    text: (code) => firstLine(code.slice(method.start - range.start - 1)),
    edit: { range: method, write: (device) => `to(${device})` },
  };
}

/** `nn.LogSoftmax(dim=1).cuda()`: a module without weights holds nothing that a device could have. */
function isModule(expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  const { callee } = expression;
  const name = callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.name : '';
  return /^[A-Z]/u.test(name) && !/Tensor$|^Variable$/u.test(name);
}

const firstLine = (text: string): string => text.split(/[\r\n]/u)[0]!;

function onLogitsDevice(subject: Subject, call: Call, { edit }: NamedDevice): readonly Fix[] {
  const body = bodyRange(subject.site);
  const [logits] = spellingsOf(subject, 'logits');
  if (edit === null || body === null || logits === undefined || !within(call.range, body)) return [];
  return [
    {
      title: `Use the device of the logits: ${logits}.device`,
      edits: [{ range: edit.range, newText: edit.write(`${logits}.device`) }],
      keepsNumbers: true,
      promise: (after, before) => after.measured.formulation === before.measured.formulation,
    },
  ];
}

/** Code that runs only where the device was asked for is no fixed device. */
function guardedRanges({ site }: Subject): readonly Range[] {
  const asks = (test: Expression): boolean => /cuda|gpu|device/iu.test(textOf(site, test));
  const ranges: Range[] = [];
  walk(statementsOf(site), (node) => {
    if ((node.kind === 'if' || node.kind === 'conditional') && asks(node.test)) ranges.push(node.range);
    if (node.kind === 'try') ranges.push(node.range);
  });
  return ranges;
}

const within = (inner: Range, outer: Range): boolean => outer.start <= inner.start && inner.end <= outer.end;
