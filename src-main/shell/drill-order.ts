/**
 * Of all that an engine may ask of the shell, a drill's engine gets two things: an order to its own broker, and to have the firm's own desk told
 * how its drills stand.
 */
import type { EngineReport } from '#shared/contract/shell';
import { type BrokerControl, brokerControlOf } from '#shared/desk/drills/drive';
import type { DrillResult } from '#shared/desk/drills/result';

/** Null for everything else: no tray, no notification, no menu, no theme, no demonstration feed and no further desk at a drill's word. */
export function drillOrderOf(report: EngineReport): BrokerControl | null {
  return report.type === 'inject' ? brokerControlOf(report.action) : null;
}

/** A closed form, parsed on both sides: results of drills, which the live desk can keep and show and do nothing else with. */
export function drillResultsOf(report: EngineReport): DrillResult[] | null {
  return report.type === 'drillResults' ? report.results : null;
}
