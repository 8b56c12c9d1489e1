/** `inspect --copy`: one loss in other code, ready to be piped into a file. */
import type { FileInspection, Translations } from '../inspection';

interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Prints the code to the output and what was checked of it to the errors; false, with the reason, where there is none. */
export function copied({ file, losses, problems }: FileInspection, format: keyof Translations, { out, error }: Output): boolean {
  const [loss, ...others] = losses;
  if (!loss) {
    error(`${file}: ${problems[0]?.message ?? 'no loss found'}\n`);
    return false;
  }
  if (others.length > 0) {
    error(`${file} has ${losses.length} losses: choose one with --only. There is ${losses.map(({ name }) => `"${name}"`).join(', ')}\n`);
    return false;
  }
  const translation = loss.translations?.[format] ?? null;
  if (translation === null || translation.code === null) {
    error(`${file}: ${loss.name}: ${translation?.note ?? loss.problem?.message ?? 'it was not measured'}\n`);
    return false;
  }
  out(translation.code.endsWith('\n') ? translation.code : `${translation.code}\n`);
  error(`${loss.name}: ${translation.note}\n`);
  return true;
}
