/** Which names a statement binds. */
import type { Statement } from '../language/program';
import { namesIn } from './expressions';

/** The names that a statement would have bound, had it not failed. */
export function boundBy(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'assign':
      return [...namesIn(statement.targets)];
    case 'function':
    case 'class':
      return [statement.name];
    case 'import':
      return statement.names === null
        ? [statement.alias ?? statement.module.split('.')[0] ?? statement.module]
        : statement.names.map((name) => name.alias ?? name.name);
    case 'for':
      return [...namesIn([statement.target]), ...statement.body.flatMap(boundBy)];
    case 'if':
      return [...statement.then, ...statement.otherwise].flatMap(boundBy);
    case 'with':
    case 'while':
    case 'try':
    case 'block':
      return statement.body.flatMap(boundBy);
    default:
      return [];
  }
}
