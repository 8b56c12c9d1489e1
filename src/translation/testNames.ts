/** The names that a test gives its own things: none that the tested code has, or the test's would hide it. */
import type { Program, Statement } from '../language/program';
import { boundIn, freeNames } from '../detection/freeNames';

export interface TestNames {
  /** What torch is imported as. */
  readonly torch: string;
  readonly logitsConstant: string;
  readonly targetsConstant: string;
  readonly wholeTest: string;
  readonly rowsTest: string;
  readonly logits: string;
  readonly targets: string;
  readonly criterion: string;
  readonly loss: string;
  readonly expected: string;
}

/** Names beside those of the module that the test stands in or imports from, and, inside a function, beside those that its call needs. */
export function testNames({ cells }: Program, called: Iterable<string>): TestNames {
  const statements = cells.flatMap(({ body }) => body);
  const inCall = new Set(called);
  const ofModule = new Set([...boundIn(statements), ...freeNames(statements), ...inCall]);
  const beside = (taken: ReadonlySet<string>, name: string): string => {
    let free = name;
    while (taken.has(free)) free += '_';
    return free;
  };
  return {
    torch: statements.some(bindsOtherTorch) ? beside(ofModule, 'torch') : 'torch',
    logitsConstant: beside(ofModule, 'LOGITS'),
    targetsConstant: beside(ofModule, 'TARGETS'),
    wholeTest: beside(ofModule, 'test_value_and_gradient'),
    rowsTest: beside(ofModule, 'test_each_row'),
    logits: beside(inCall, 'logits'),
    targets: beside(inCall, 'targets'),
    criterion: beside(inCall, 'criterion'),
    loss: beside(inCall, 'loss'),
    expected: beside(inCall, 'expected'),
  };
}

/** Whether it calls something `torch` that is not torch. */
function bindsOtherTorch(statement: Statement): boolean {
  const isTorch = statement.kind === 'import' && statement.names === null && (statement.alias === null || statement.module === 'torch');
  return !isTorch && boundIn([statement]).has('torch');
}
