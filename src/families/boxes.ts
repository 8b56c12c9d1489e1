/** Boxes by their corners (x1, y1, x2, y2): how far one covers the other. */
import {
  atan,
  clamped,
  held,
  larger,
  log,
  minus,
  negative,
  over,
  plus,
  relu,
  select,
  smaller,
  square,
  times,
} from '../mathematics/algebra';
import type { Family, FamilyFormulation } from './family';
import { fixed, input, layout } from './layouts';
import { meanOfAll, sumOfAll } from './reductions';
import { boxes as boxRole } from './roles';
import type { Node } from '../mathematics/graph';

const common = { inputs: ['boxes', 'targets'], parameters: [], reductions: [meanOfAll, sumOfAll] } as const;

interface Corners {
  readonly x1: Node;
  readonly y1: Node;
  readonly x2: Node;
  readonly y2: Node;
}

const corners = (b: Node): Corners => ({ x1: select(b, 1, 0), y1: select(b, 1, 1), x2: select(b, 1, 2), y2: select(b, 1, 3) });
const width = ({ x1, x2 }: Corners): Node => minus(x2, x1);
const height = ({ y1, y2 }: Corners): Node => minus(y2, y1);

/** Their union, what both cover, and the least box around both. */
function covers(boxes: Node, targets: Node) {
  const [a, b] = [corners(boxes), corners(targets)];
  const both = times(relu(minus(smaller(a.x2, b.x2), larger(a.x1, b.x1))), relu(minus(smaller(a.y2, b.y2), larger(a.y1, b.y1))));
  const union = minus(plus(times(width(a), height(a)), times(width(b), height(b))), both);
  const around = { width: minus(larger(a.x2, b.x2), smaller(a.x1, b.x1)), height: minus(larger(a.y2, b.y2), smaller(a.y1, b.y1)) };
  return { a, b, union, iou: over(both, union), around };
}

/** Squared distance of the centres over the squared diagonal of the box around both. */
function apart({ a, b, around }: ReturnType<typeof covers>): Node {
  const dx = times(0.5, minus(plus(a.x1, a.x2), plus(b.x1, b.x2)));
  const dy = times(0.5, minus(plus(a.y1, a.y2), plus(b.y1, b.y2)));
  return over(plus(square(dx), square(dy)), plus(square(around.width), square(around.height)));
}

const iou: FamilyFormulation = {
  ...common,
  id: 'iou',
  title: 'IoU',
  tex: '\\ell = 1 - IoU',
  source: { name: 'torchvision.ops.box_iou', url: 'https://docs.pytorch.org/vision/main/generated/torchvision.ops.box_iou.html' },
  terms: ({ boxes: a, targets: b }) => minus(1, covers(a!, b!).iou),
};

const logIou: FamilyFormulation = {
  ...iou,
  id: 'log-iou',
  title: 'Logarithm of the IoU',
  tex: '\\ell = -\\log IoU',
  source: { name: 'UnitBox (Yu et al., 2016)', url: 'https://arxiv.org/abs/1608.01471' },
  // Boxes that do not meet would cost infinitely much.
  terms: ({ boxes: a, targets: b }) => negative(log(clamped(covers(a!, b!).iou, 1e-6, Infinity))),
};

const giou: FamilyFormulation = {
  ...iou,
  id: 'giou',
  title: 'GIoU',
  tex: '\\ell = 1 - IoU + \\frac{|C| - |A \\cup B|}{|C|}',
  source: { name: 'Generalized Intersection over Union (Rezatofighi et al., 2019)', url: 'https://arxiv.org/abs/1902.09630' },
  terms({ boxes: a, targets: b }) {
    const { iou: share, union, around } = covers(a!, b!);
    const area = times(around.width, around.height);
    return plus(minus(1, share), over(minus(area, union), area));
  },
};

const diou: FamilyFormulation = {
  ...iou,
  id: 'diou',
  title: 'DIoU',
  tex: '\\ell = 1 - IoU + d^2 / c^2',
  source: { name: 'Distance-IoU Loss (Zheng et al., 2019)', url: 'https://arxiv.org/abs/1911.08287' },
  terms({ boxes: a, targets: b }) {
    const seen = covers(a!, b!);
    return plus(minus(1, seen.iou), apart(seen));
  },
};

const ciouTerms =
  (isHeld: boolean): FamilyFormulation['terms'] =>
  ({ boxes: first, targets: second }) => {
    const seen = covers(first!, second!);
    const { a, b } = seen;
    const v = times(4 / Math.PI ** 2, square(minus(atan(over(width(b), height(b))), atan(over(width(a), height(a))))));
    // Equal boxes have no v and nothing to weigh: torchvision's 1e-7 keeps 0/0 out.
    const weight = over(v, plus(plus(minus(1, seen.iou), v), 1e-7));
    return plus(plus(minus(1, seen.iou), apart(seen)), times(isHeld ? held(weight) : weight, v));
  };

const ciou: FamilyFormulation = {
  ...diou,
  id: 'ciou',
  title: 'CIoU',
  tex: '\\ell = 1 - IoU + d^2 / c^2 + \\alpha v,\\quad \\alpha = \\frac{v}{1 - IoU + v} \\text{ held fixed}',
  terms: ciouTerms(true),
};

const ciouFlowing: FamilyFormulation = {
  ...ciou,
  id: 'ciou-not-held',
  title: 'CIoU whose α passes a gradient',
  tex: '\\ell = 1 - IoU + d^2 / c^2 + \\alpha v,\\quad \\alpha = \\frac{v}{1 - IoU + v}',
  terms: ciouTerms(false),
  mistake: 'A gradient flows through CIoU’s weight α, which the paper holds fixed: compute α under torch.no_grad().',
};

export const boxes: Family = {
  id: 'boxes',
  title: 'Boxes',
  layouts: [layout('corners', [input('boxes', boxRole, ({ rows }) => [rows, 4]), fixed('targets', boxRole, ({ rows }) => [rows, 4])])],
  formulations: [iou, giou, diou, ciou, logIou, ciouFlowing],
};
