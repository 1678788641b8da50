/** Tells from the live engine's reports when something critical and real came up, for which a drill must stand still. */
import type { EngineReport } from '#shared/contract/shell';

type RealAlertWatch = {
  /** True when this report says that a critical alert was raised, told of, or came back. */
  isRaised(report: EngineReport): boolean;
};

/** `hasDemonstration`: a demonstration broker runs here, whose alerts are not real; they would stop every drill of somebody who tries the product. */
export function createRealAlertWatch(hasDemonstration: boolean): RealAlertWatch {
  let isDemonstrating = hasDemonstration;
  /** Null until the engine has said what waits already. */
  let waiting: number | null = null;
  return {
    isRaised(report) {
      if (report.type === 'ready') waiting = null;
      if (report.type === 'demonstration') isDemonstrating = report.isNeeded && hasDemonstration;
      if (report.type === 'notify') return !isDemonstrating && report.severity === 'critical' && !report.reason.endsWith('Clear');
      if (report.type !== 'attention') return false;
      const before = waiting;
      waiting = report.unacknowledged.critical;
      return !isDemonstrating && before !== null && waiting > before;
    },
  };
}
