/**
 * The `label_smoothing` of preference losses (DPO, cDPO, IPO): the chance that a preference is wrong, 1 − ε and ε on log σ of a difference
 * and of its opposite. It has the name, and is no smoothing of labels of classes.
 */
import type { Expression, Parameter, Program, Range, Statement } from '../language/program';
import { numberOf } from './literals';
import type { Callable } from './sites';
import { canonical } from './vocabulary';
import { walk } from './walk';

export interface PreferenceSettings {
  /** Whether this place, in this node, sets one. */
  readonly isOne: (node: Expression | Statement, nameRange: Range) => boolean;
}

const none: PreferenceSettings = { isOne: () => false };

export function preferenceSettings(program: Program): PreferenceSettings {
  const mixed = /log_?sigmoid|softplus/i.test(program.text);
  const library = /\btrl\b/.test(program.text);
  if (!mixed && !library) return none;
  const parameters = new Set<number>();
  const owners = new Set<string>();
  const imported = new Set<string>();
  const note = (given: readonly Parameter[], within: Callable['body'], owner: string | null): void => {
    for (const { name, range } of given) {
      if (!mixesPreferences(within, name)) continue;
      parameters.add(range.start);
      if (owner !== null) owners.add(owner);
    }
  };
  for (const { body } of program.cells)
    walk(body, (node) => {
      if (node.kind === 'import' && /^trl\b/.test(node.module)) for (const { name, alias } of node.names ?? []) imported.add(alias ?? name);
      if (!mixed) return;
      if (node.kind === 'function') note(node.parameters, node.body, node.name);
      else if (node.kind === 'class')
        for (const member of node.body) if (member.kind === 'function') note(member.parameters, node.body, node.name);
      if (node.kind === 'assign' && node.value?.kind === 'lambda') note(node.value.parameters, node.value.body, null);
    });
  return {
    isOne(node, nameRange) {
      if (node.kind === 'function' || node.kind === 'lambda') return parameters.has(nameRange.start);
      if (node.kind !== 'call') return false;
      const { callee } = node;
      const name = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
      const ofTrl = callee.kind === 'attribute' && callee.object.kind === 'name' && callee.object.name === 'trl';
      return owners.has(name) || imported.has(name) || ofTrl;
    },
  };
}

/** Whether something is log σ(…) times 1 − this. */
function mixesPreferences(within: Callable['body'], name: string): boolean {
  let mixes = false;
  walk('kind' in within ? [within] : within, (node) => {
    if (node.kind !== 'binary' || node.operator !== '*') return;
    for (const [one, other] of [
      [node.left, node.right],
      [node.right, node.left],
    ] as const)
      mixes ||= isComplementOf(one, name) && holdsLogSigmoid(other);
  });
  return mixes;
}

function isComplementOf(expression: Expression, name: string): boolean {
  if (expression.kind === 'unary') return isComplementOf(expression.operand, name);
  if (expression.kind !== 'binary' || expression.operator !== '-' || numberOf(expression.left) !== 1) return false;
  const { right } = expression;
  return (right.kind === 'name' || right.kind === 'attribute') && right.name === name;
}

function holdsLogSigmoid(expression: Expression): boolean {
  let holds = false;
  walk([expression], (node) => {
    if (node.kind !== 'call') return;
    const { callee } = node;
    holds ||= (callee.kind === 'name' || callee.kind === 'attribute') && /^(logsigmoid|softplus)$/.test(canonical(callee.name));
  });
  return holds;
}
