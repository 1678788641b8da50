/** Reach as it is where everybody works with the whole firm. */
import type { ReachWorld } from '#engine/desk/bus/reach-guard';

export const WHOLE_FIRM: ReachWorld = {
  isAccountWithin: () => true,
  isDepartmentWithin: () => true,
  isGroupWithin: () => true,
  isAlertWithin: () => true,
  isRunWithin: () => true,
  isIncidentWithin: () => true,
  accountOfWorklist: () => null,
  accountOfStatement: () => null,
  accountsOfScenario: () => [],
};
