/** Of all that an engine may ask of the shell, a drill's engine gets one thing: an order to its own broker. */
import type { EngineReport } from '#shared/contract/shell';
import { type BrokerControl, brokerControlOf } from '#shared/desk/drills/drive';

/** Null for everything else: no tray, no notification, no menu, no theme, no demonstration feed and no further desk at a drill's word. */
export function drillOrderOf(report: EngineReport): BrokerControl | null {
  return report.type === 'inject' ? brokerControlOf(report.action) : null;
}
