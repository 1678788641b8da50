/** What people may do to an incident and to its duties, as the decider takes it. */
import type { Impact, IncidentState, TimelineEntry } from '#shared/desk/incidents/incident';
import type { EventKind, Grade, IncidentTimeName } from '#shared/desk/reporting/rule-pack';

export type OpenIncident = {
  title: string;
  eventKind: EventKind;
  state: 'suspected' | 'active';
  alertId: string | null;
  runId: string | null;
  /** When it was first seen and when it began, as far as known; left out: now, and not known. */
  detectedAtMs: number | null;
  impactStartMs: number | null;
};

export type IncidentCommand =
  | { type: 'setTime'; name: IncidentTimeName; timeMs: number; reason: string }
  | { type: 'changeState'; to: IncidentState; reason: string; secondPerson: string | null }
  | { type: 'grade'; eventKind: EventKind; grade: Grade | null; isClassifiedMajor: boolean | null; reason: string }
  | { type: 'assignRole'; role: string; personId: string; hasReadBack: boolean }
  | { type: 'addEntry'; occurredAtMs: number; source: TimelineEntry['source']; text: string; refs: string[]; corrects: string | null }
  | { type: 'setImpact'; impact: Impact }
  | { type: 'seal'; items: string[]; override: { reason: string; secondPerson: string } | null }
  | { type: 'beginRepair' }
  | { type: 'report'; conditions: string; actions: string; needs: string }
  | { type: 'link'; kind: 'alert' | 'run' | 'mergedInto' | 'mergedFrom'; id: string }
  | {
      type: 'review';
      wasUpgradedBefore: boolean | null;
      causes: string[];
      actions: { text: string; owner: string; dueDate: string; isDone: boolean }[];
      lessons: string;
    }
  | { type: 'reconcile' }
  | DutyCommand;

export type DutyCommand =
  | { type: 'armDuty'; dutyId: string; note: string }
  | { type: 'draftDuty'; dutyId: string; draft: Record<string, string> }
  | { type: 'approveDuty'; dutyId: string; draft: Record<string, string>; secondPerson: string }
  | { type: 'sendDuty'; dutyId: string; sentAtMs: number; channel: string; proof: string }
  | { type: 'receiveDuty'; dutyId: string; reference: string; person: string }
  | { type: 'waiveDuty'; dutyId: string; reason: string; secondPerson: string };
