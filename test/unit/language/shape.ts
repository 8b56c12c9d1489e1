/** Writes trees as short text, so that tests read as tables of source and shape. */
import type { Expression, MappingEntry, Parameter, Program, Statement } from '../../../src/language/program';

export function shapeOf(program: Program): string {
  return program.cells.map((cell) => statements(cell.body)).join(' || ');
}

const statements = (list: readonly Statement[]): string => list.map(statement).join('; ');
const expressions = (list: readonly Expression[]): string => list.map(expression).join(' ');
const optional = (value: Expression | null): string => (value === null ? '_' : expression(value));

function parameter({ name, pattern, style, defaultValue, annotation, isField }: Parameter): string {
  const stars = { positionalOnly: '/', normal: '', keywordOnly: 'kw ', variadic: '*', keywordVariadic: '**' }[style];
  const bound = pattern === null ? name : expression(pattern);
  return `${isField ? 'field ' : ''}${stars}${bound}${annotation ? `: ${expression(annotation)}` : ''}${defaultValue ? `=${expression(defaultValue)}` : ''}`;
}

const parameters = (list: readonly Parameter[]): string => `[${list.map(parameter).join(', ')}]`;
const entry = ({ key, value }: MappingEntry): string =>
  key === null ? `**${expression(value)}` : `${expression(key)}: ${expression(value)}`;

export function expression(node: Expression): string {
  switch (node.kind) {
    case 'name':
      return node.name;
    case 'constant':
      return constant(node.value);
    case 'joinedString':
      return `f<${node.parts
        .map((part) =>
          typeof part === 'string'
            ? JSON.stringify(part)
            : `{${part.label ?? ''}${expression(part.expression)}${part.conversion ? `!${part.conversion}` : ''}${part.format ? `:${expression(part.format)}` : ''}}`,
        )
        .join(' ')}>`;
    case 'attribute':
      return `${expression(node.object)}${node.optional ? '?' : ''}.${node.name}`;
    case 'subscript':
      return `${expression(node.object)}${node.optional ? '?.' : ''}[${expression(node.index)}]`;
    case 'slice':
      return `${optional(node.lower)}:${optional(node.upper)}:${optional(node.step)}`;
    case 'call': {
      const keywords = node.keywords.map(({ name, value }) => (name === null ? `**${expression(value)}` : `${name}=${expression(value)}`));
      const given = [...node.arguments.map(expression), ...keywords].join(', ');
      return `${node.isNew ? 'new ' : ''}${expression(node.callee)}${node.optional ? '?.' : ''}(${given})`;
    }
    case 'unary':
      return `(${node.operator} ${expression(node.operand)})`;
    case 'binary':
      return `(${expression(node.left)} ${node.operator} ${expression(node.right)})`;
    case 'logical':
      return `(${expression(node.left)} ${node.operator} ${expression(node.right)})`;
    case 'comparison':
      return `(${node.operands.map((operand, index) => (index === 0 ? '' : ` ${node.operators[index - 1]!} `) + expression(operand)).join('')})`;
    case 'conditional':
      return `(${expression(node.test)} ? ${expression(node.then)} : ${expression(node.otherwise)})`;
    case 'sequence':
      return `${node.type}<${expressions(node.items)}>`;
    case 'mapping':
      return `{${node.entries.map(entry).join(', ')}}`;
    case 'comprehension': {
      const clauses = node.clauses.map(
        ({ target, iterable, conditions }) =>
          ` for ${expression(target)} in ${expression(iterable)}${conditions.map((test) => ` if ${expression(test)}`).join('')}`,
      );
      return `${node.type}<${node.key ? `${expression(node.key)}: ` : ''}${expression(node.element)}${clauses.join('')}>`;
    }
    case 'lambda':
      return `${node.bindsThis ? 'function' : 'lambda'}${parameters(node.parameters)} => ${'kind' in node.body ? expression(node.body) : `{${statements(node.body)}}`}`;
    case 'assignment':
      return `(${expression(node.target)} ${node.operator ?? ''}:= ${expression(node.value)})`;
    case 'starred':
      return `*${expression(node.value)}`;
    case 'yield':
      return `(yield${node.delegate ? ' from' : ''} ${optional(node.value)})`;
    case 'await':
      return `(await ${expression(node.value)})`;
    case 'unsupported':
      return node.invalid ? 'INVALID' : `UNSUPPORTED(${node.what})`;
  }
}

function constant(value: Extract<Expression, { kind: 'constant' }>['value']): string {
  switch (value.type) {
    case 'bool':
    case 'int':
      return String(value.value);
    case 'float':
      return `${value.value}f`;
    case 'complex':
      return `${value.imaginary}j`;
    case 'string':
      return JSON.stringify(value.value);
    case 'bytes':
      return `b[${value.value.join(' ')}]`;
    case 'ellipsis':
      return '...';
    case 'none':
    case 'undefined':
      return value.type;
  }
}

function statement(node: Statement): string {
  switch (node.kind) {
    case 'expression':
      return `${expression(node.expression)}${node.silent ? ' silent' : ''}`;
    case 'assign':
      return `${node.declaration ? `${node.declaration} ` : ''}${node.targets.map(expression).join(' = ')}${node.annotation ? `: ${expression(node.annotation)}` : ''} = ${optional(node.value)}`;
    case 'augmentedAssign':
      return `${expression(node.target)} ${node.operator}= ${expression(node.value)}`;
    case 'return':
      return `return ${optional(node.value)}`;
    case 'if':
      return `if ${expression(node.test)} {${statements(node.then)}} else {${statements(node.otherwise)}}`;
    case 'for':
      return `for ${node.declaration ? `${node.declaration} ` : ''}${expression(node.target)} in ${expression(node.iterable)} {${statements(node.body)}} else {${statements(node.otherwise)}}`;
    case 'while':
      return `${node.testAfter ? 'do-' : ''}while ${expression(node.test)} {${statements(node.body)}}${node.update ? ` update ${expression(node.update)}` : ''} else {${statements(node.otherwise)}}`;
    case 'try': {
      const handlers = node.handlers.map(({ type, name, body }) => ` except ${optional(type)} as ${name ?? '_'} {${statements(body)}}`);
      return `try {${statements(node.body)}}${handlers.join('')} else {${statements(node.otherwise)}} finally {${statements(node.finally)}}`;
    }
    case 'with':
      return `with ${node.items.map(({ context, target }) => `${expression(context)} as ${optional(target)}`).join(', ')} {${statements(node.body)}}`;
    case 'raise':
      return `raise ${optional(node.exception)} from ${optional(node.cause)}`;
    case 'assert':
      return `assert ${expression(node.test)}, ${optional(node.message)}`;
    case 'delete':
      return `del ${expressions(node.targets)}`;
    case 'global':
    case 'nonlocal':
      return `${node.kind} ${node.names.join(' ')}`;
    case 'import':
      return `import ${'.'.repeat(node.level)}${node.module} as ${node.alias ?? '_'}${node.names ? ` {${node.names.map(({ name, alias }) => `${name}>${alias ?? name}`).join(' ')}}` : ''}`;
    case 'function':
      return `${node.decorators.map((decorator) => `@${expression(decorator)} `).join('')}${node.modifier ? `${node.modifier} ` : ''}${node.isAsync ? 'async ' : ''}def${node.isGenerator ? '*' : ''} ${node.name}${parameters(node.parameters)}${node.docstring === null ? '' : ` ${JSON.stringify(node.docstring)}`} {${statements(node.body)}}`;
    case 'class':
      return `${node.decorators.map((decorator) => `@${expression(decorator)} `).join('')}class ${node.name}(${[...node.bases.map(expression), ...node.keywords.map(({ name, value }) => `${name ?? '**'}=${expression(value)}`)].join(', ')})${node.docstring === null ? '' : ` ${JSON.stringify(node.docstring)}`} {${statements(node.body)}}`;
    case 'match':
      return `match ${expression(node.subject)} ${node.cases.length} cases`;
    case 'block':
      return `block {${statements(node.body)}}`;
    case 'pass':
    case 'break':
    case 'continue':
      return node.kind;
    case 'unsupported':
      return node.invalid ? 'INVALID' : `UNSUPPORTED(${node.what})`;
  }
}
