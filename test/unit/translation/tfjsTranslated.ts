/** The translation of the losses in a text, as an inspection asks for it. */
import { smoothingConstantsOf } from '../../../src/detection/constants';
import { studyPrograms } from '../../../src/detection/losses';
import type { Feed } from '../../../src/execution/bridge';
import { withSession } from '../../../src/execution/openSession';
import type { BoxRun } from '../../../src/execution/runSite';
import type { InspectRequest, Sample, Translation } from '../../../src/inspection';
import { readDocument } from '../../../src/language/document';
import { lineIndex } from '../../../src/language/positions';
import { prepareLoss } from '../../../src/measuring/measureSite';
import { tfjsTranslation } from '../../../src/translation/tfjsTranslation';

export interface Translated {
  readonly name: string;
  readonly translation: Translation;
  readonly feed: Feed;
  readonly sample: Sample;
  readonly milliseconds: number;
  /** The loss's own numbers on other samples. */
  readonly runs: readonly { readonly sample: Sample; readonly run: BoxRun }[];
}

export function translated(
  text: string,
  file = 'loss.py',
  request: Partial<InspectRequest> = {},
  others: readonly Sample[] = [],
): Translated {
  const document = readDocument(text, file);
  const [studied] = studyPrograms(document.programs);
  const [program] = document.programs;
  const lines = lineIndex(text);
  const found = {
    program: program!,
    studied: studied!,
    plain: [],
    constants: smoothingConstantsOf(program!, studied!),
    place: lines.range,
  };
  const { site } = studied!.find((each) => each.site.role === 'loss' && each.site.kind !== 'script')!;
  return withSession(program!, (whole) => {
    const session = whole.forSite(site);
    const prepared = prepareLoss({ found, session, site, request: { file, text, ...request }, fileSample: null });
    const { smoothing, sample, loss, fed } = prepared;
    const started = performance.now();
    const translation = tfjsTranslation({
      session,
      site,
      loss,
      feed: fed.feed,
      sample,
      passedSmoothing: smoothing.passed,
      smoothing: smoothing.value,
    });
    const milliseconds = performance.now() - started;
    const box = loss.box(fed.feed);
    const runs = others.map((other) => ({ sample: other, run: box(other.logits, other.targets) }));
    return { name: site.name, translation, feed: fed.feed, sample, milliseconds, runs };
  });
}
