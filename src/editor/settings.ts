import { workspace } from 'vscode';
import { readRuleSettings, type RuleSettings } from '../findings/severities';

/** The person's settings, read when they are needed: they may change at any time and per folder. */
export const settings = {
  codeLens: (): boolean => value('codeLens.enabled', true),
  hover: (): boolean => value('hover.enabled', true),
  hoverMeasures: (): boolean => value('hover.measure', true),
  diagnostics: (): boolean => value('diagnostics.enabled', true),
  rules: (): RuleSettings => readRuleSettings(value<unknown>('rules', {})),
  followCursor: (): boolean => value('followCursor', true),
  classes: (): number | null => numberWithin(value<unknown>('sample.classes', null), 1, 1000),
  smoothing: (): number | null => numberWithin(value<unknown>('sample.smoothing', null), 0, 1),
  secondsPerInspection: (): number => numberWithin(value<unknown>('timeBudget', 10), 1, 120) ?? 10,
  largestFile: (): number => (numberWithin(value<unknown>('maximumFileSize', 1024), 1, 16384) ?? 1024) * 1024,
};

function value<T>(name: string, otherwise: T): T {
  return workspace.getConfiguration('lossInspector').get<T>(name, otherwise);
}

/** A settings file may hold anything. */
function numberWithin(given: unknown, least: number, most: number): number | null {
  return typeof given === 'number' && given >= least && given <= most ? given : null;
}
