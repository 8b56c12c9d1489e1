import type { Expression, Parameter } from '../program';
import { SyntaxFailure } from './failure';
import { expectName, isOperator, peek, rangeFrom, takeOperator, unexpected, type Parser } from './parser';

export interface ParameterGrammar {
  /** What the list stops before: `)` of a definition, `:` of a lambda. */
  readonly close: ')' | ':';
  readonly parseDefault: (parser: Parser) => Expression;
  /** null: a lambda's parameters have no annotations. */
  readonly parseAnnotation: ((parser: Parser, variadic: boolean) => Expression) | null;
}

interface Collected {
  readonly parameters: Parameter[];
  style: 'normal' | 'keywordOnly';
  sawDefault: boolean;
  /** A bare `*` that no name has followed yet. */
  star: { readonly start: number; readonly end: number } | null;
}

/** The parameters of a definition or lambda, up to but not including what closes them. Order and repetition are checked as CPython does. */
export function parseParameters(parser: Parser, grammar: ParameterGrammar): readonly Parameter[] {
  const collected: Collected = { parameters: [], style: 'normal', sawDefault: false, star: null };
  while (!isOperator(parser, grammar.close)) {
    if (collected.parameters.at(-1)?.style === 'keywordVariadic') unexpected(parser, 'arguments cannot follow var-keyword argument');
    parseItem(parser, grammar, collected);
    if (!takeOperator(parser, ',')) break;
  }
  if (collected.star !== null) throw new SyntaxFailure('named arguments must follow bare *', collected.star);
  checkRepeated(collected.parameters);
  return collected.parameters;
}

function parseItem(parser: Parser, grammar: ParameterGrammar, collected: Collected): void {
  const { start, end } = peek(parser);
  if (takeOperator(parser, '/')) {
    markPositionalOnly(collected, { start, end });
  } else if (takeOperator(parser, '**')) {
    if (collected.star !== null) throw new SyntaxFailure('named arguments must follow bare *', collected.star);
    collected.parameters.push(named(parser, grammar, start, 'keywordVariadic'));
  } else if (takeOperator(parser, '*')) {
    if (collected.style === 'keywordOnly') throw new SyntaxFailure('* argument may appear only once', { start, end });
    collected.style = 'keywordOnly';
    if (isOperator(parser, ',') || isOperator(parser, grammar.close)) collected.star = { start, end };
    else collected.parameters.push(named(parser, grammar, start, 'variadic'));
  } else {
    const parameter = named(parser, grammar, start, collected.style);
    if (collected.style === 'keywordOnly') collected.star = null;
    else if (parameter.defaultValue !== null) collected.sawDefault = true;
    else if (collected.sawDefault) throw new SyntaxFailure('parameter without a default follows parameter with a default', parameter.range);
    collected.parameters.push(parameter);
  }
}

function markPositionalOnly(collected: Collected, range: { readonly start: number; readonly end: number }): void {
  const { parameters } = collected;
  if (collected.style === 'keywordOnly') throw new SyntaxFailure('/ must be ahead of *', range);
  if (parameters.length === 0) throw new SyntaxFailure('at least one argument must precede /', range);
  if (parameters.some((parameter) => parameter.style === 'positionalOnly')) throw new SyntaxFailure('/ may appear only once', range);
  for (const [index, parameter] of parameters.entries()) parameters[index] = { ...parameter, style: 'positionalOnly' };
}

function named(parser: Parser, grammar: ParameterGrammar, start: number, style: Parameter['style']): Parameter {
  const name = expectName(parser, 'a parameter name').value;
  const annotation =
    grammar.parseAnnotation !== null && takeOperator(parser, ':') ? grammar.parseAnnotation(parser, style === 'variadic') : null;
  const equals = takeOperator(parser, '=');
  if (equals && style.endsWith('ariadic')) {
    throw new SyntaxFailure(`var-${style === 'variadic' ? 'positional' : 'keyword'} argument cannot have default value`, equals);
  }
  const defaultValue = equals ? grammar.parseDefault(parser) : null;
  return { range: rangeFrom(parser, start), name, pattern: null, style, defaultValue, annotation, isField: false };
}

function checkRepeated(parameters: readonly Parameter[]): void {
  const seen = new Set<string>();
  for (const { name, range } of parameters) {
    if (seen.has(name)) throw new SyntaxFailure(`duplicate argument '${name}' in function definition`, range);
    seen.add(name);
  }
}
