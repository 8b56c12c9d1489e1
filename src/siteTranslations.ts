/** The loss said in other code: each translation by itself, and none of them can harm the inspection. */
import { isReachedByName } from './detection/siteNames';
import type { LossSite } from './detection/sites';
import type { Feed } from './execution/bridge';
import type { RunnableSite, SampleRun } from './execution/runSite';
import type { Measurement } from './identification/measurement';
import type { Sample, Translation, Translations } from './inspection';
import { classesOf } from './measuring/classesOf';
import type { Task } from './measuring/measureSite';
import { builtinTranslation } from './translation/builtin';
import { pytestTranslation } from './translation/pytest';
import { tfjsTranslation } from './translation/tfjsTranslation';

export interface Translatable {
  readonly measurement: Measurement | null;
  readonly sample: Sample | null;
  readonly feed: Feed;
  /** The smoothing factor, and the one that was passed where the code's own was not left. */
  readonly smoothing: number | null;
  readonly passedSmoothing: number | null;
  /** Absent where there is no loss to call: a script, a maker of targets. */
  readonly run?: { readonly loss: RunnableSite; readonly onSample: SampleRun; readonly isSlow: boolean };
}

/** Null for a brief inspection, and where nothing was measured. */
export function translations(
  task: Task,
  { measurement, sample, feed, smoothing, passedSmoothing, run }: Translatable,
): Translations | null {
  const { request, session, site } = task;
  if (request.brief === true || measurement === null || sample === null) return null;
  const builtin = guarded(task, () =>
    builtinTranslation({ measurement, ignoreIndex: sample.ignoreIndex ?? null, feed, openClasses: classesOf(task).source === 'assumed' }),
  );
  if (run === undefined) return { builtin, pytest: notCallable(task), tfjs: notCallable(task) };
  if (run.isSlow) return { builtin, pytest: tooSlow, tfjs: tooSlow };
  if (!isCalledByName(site)) return { builtin, pytest: notByName, tfjs: notByName };
  const { loss, onSample } = run;
  return {
    builtin,
    pytest: guarded(task, () =>
      pytestTranslation({
        session,
        site,
        feed,
        sample,
        passedSmoothing,
        deterministic: measurement.deterministic,
        value: onSample.outcome.value,
        gradient: onSample.gradient,
        file: request.file,
        isScript: request.format === undefined ? request.file.endsWith('.py') : request.format === 'python',
      }),
    ),
    tfjs: guarded(task, () => tfjsTranslation({ session, site, loss, feed, sample, passedSmoothing, smoothing })),
  };
}

/** In Python, where a test imports the loss; what else is called is found by running it. */
const isCalledByName = (site: LossSite): boolean =>
  site.kind === 'call' ||
  (isReachedByName(site) &&
    !(site.program.language === 'python' && site.definition.kind === 'class' && site.definition.called === 'method'));

const notByName: Translation = {
  code: null,
  note: 'It is no function and no object that other code could import and call: it stands inside a class, an object or another function.',
};

const tooSlow: Translation = {
  code: null,
  note: 'One run of it takes so long that a translation could not be tried in a reasonable time.',
};

function notCallable({ site }: Task): Translation {
  return {
    code: null,
    note: site.kind === 'script' ? 'A script is no function that could be called.' : 'It makes targets, not a loss.',
  };
}

function guarded({ session }: Task, translate: () => Translation): Translation {
  try {
    return translate();
  } catch (error) {
    return { code: null, note: `It could not be made: ${session.problemOf(error).message}` };
  }
}
