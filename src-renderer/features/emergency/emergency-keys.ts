/** Which key does what in emergency mode: single letters, since nobody holds three keys at night. */
import type { StepAction } from '../plans/step-actions';

/** The letter of each action; Enter does the first of them. */
export const ACTION_KEYS: Partial<Record<StepAction, string>> = {
  start: 's',
  second: '2',
  evidence: 'e',
  photo: 'k',
  attach: 'g',
  note: 'n',
  fail: 'f',
  defer: 'd',
  skip: 'x',
  reopen: 'o',
  read: 'l',
  beat: 'b',
  openItem: 'i',
  retry: 't',
  resolve: 'c',
  override: 'v',
  answer: 'a',
};
