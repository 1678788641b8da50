/** What a person should know although everything still runs: codes with values, put into words by the page. */
import type { StatusPicture } from '#shared/contract/streams';

export type WarningParts = {
  store: StatusPicture['warnings'];
  recordingFailure: string | null;
  fullCheck: { drift: number } | null;
  unrecordedConditions: number;
  /** Live alerts that wait for a person while a replay is on screen; null without a replay. */
  liveUnacknowledged: number | null;
};

/** Sums of a day's adjustments differ from the full recomputation by rounding alone; a whole cent is a fault of the program. */
const DRIFT_LIMIT_MONEY = 0.01;

export function collectWarnings(parts: WarningParts): StatusPicture['warnings'] {
  const warnings = [...parts.store];
  if (parts.recordingFailure !== null) warnings.push({ code: 'recordingFailed', params: { reason: parts.recordingFailure } });
  if (parts.fullCheck !== null && parts.fullCheck.drift > DRIFT_LIMIT_MONEY)
    warnings.push({ code: 'kernelDrift', params: { drift: parts.fullCheck.drift } });
  if (parts.unrecordedConditions > 0) warnings.push({ code: 'alertsNotRecorded', params: { count: parts.unrecordedConditions } });
  if ((parts.liveUnacknowledged ?? 0) > 0) warnings.push({ code: 'liveAlertsDuringReplay', params: { count: parts.liveUnacknowledged ?? 0 } });
  return warnings;
}
