/** What every request and stream of the contract needs: exhaustive by type, so that nothing can be added without saying who may use it. */
import type { AccessRule } from '#shared/contract/access-rule';
import { ALERT_ACCESS, ALERT_STREAM_ACCESS } from '#shared/contract/alerts';
import { APPROVAL_ACCESS, APPROVAL_STREAM_ACCESS } from '#shared/contract/approvals';
import { AUDIT_ACCESS, AUDIT_STREAM_ACCESS } from '#shared/contract/audit';
import { DRILL_ACCESS, DRILL_STREAM_ACCESS } from '#shared/contract/drills';
import { EVIDENCE_ACCESS, EVIDENCE_STREAM_ACCESS } from '#shared/contract/evidence';
import { INCIDENT_ACCESS, INCIDENT_STREAM_ACCESS } from '#shared/contract/incidents';
import { NOTICE_ACCESS, NOTICE_STREAM_ACCESS } from '#shared/contract/notices';
import { PEOPLE_ACCESS, PEOPLE_STREAM_ACCESS } from '#shared/contract/people';
import { PLAN_ACCESS, PLAN_STREAM_ACCESS } from '#shared/contract/plans';
import type { RequestName, RequestPayload } from '#shared/contract/requests';
import { RULE_ACCESS, RULE_STREAM_ACCESS } from '#shared/contract/rules';
import type { StreamKind } from '#shared/contract/streams';

type AccessByRequest = { [Name in RequestName]: AccessRule<RequestPayload<Name>> };

export const REQUEST_ACCESS: AccessByRequest = {
  ...ALERT_ACCESS,
  ...APPROVAL_ACCESS,
  ...AUDIT_ACCESS,
  ...DRILL_ACCESS,
  ...EVIDENCE_ACCESS,
  ...INCIDENT_ACCESS,
  ...NOTICE_ACCESS,
  ...PEOPLE_ACCESS,
  ...PLAN_ACCESS,
  ...RULE_ACCESS,

  // The sign-in screen is drawn in the person's language and theme before anybody has signed in.
  'settings.get': { needs: 'anyone' },
  'settings.change': { needs: 'settings.desk' },

  'feed.test': { needs: 'feed.configure' },
  'feed.pause': { needs: 'feed.control' },
  'feed.resume': { needs: 'feed.control' },
  'feed.reconnect': { needs: 'feed.control' },
  'recording.start': { needs: 'recording.make' },
  'recording.stop': { needs: 'recording.make' },
  'recording.list': { needs: 'replay.run' },
  'replay.start': { needs: 'replay.run' },
  'replay.control': { needs: 'replay.run' },
  'workspace.save': { needs: 'signedIn' },
  'workspace.list': { needs: 'signedIn' },
  'workspace.remove': { needs: 'signedIn' },
  search: { needs: 'monitor.view' },
  'backup.now': { needs: 'backup.make' },

  'explain.account': { needs: 'account.view' },
  'scenario.list': { needs: 'stress.run' },
  'scenario.save': { needs: 'scenario.edit' },
  'scenario.remove': { needs: 'scenario.edit' },
  'stress.account': { needs: 'stress.run' },
  'inverse.account': { needs: 'inverse.run' },
  'budget.account': { needs: 'budget.run' },
  'worklist.preview': { needs: 'worklist.request' },
  'worklist.make': { needs: 'worklist.request' },
  'worklist.get': { needs: 'account.view' },
  'worklist.export': { needs: 'export.make' },
  'worklist.withdraw': { needs: 'worklist.request' },
  'var.compute': { needs: 'stress.run' },
  'prices.import': { needs: 'prices.import' },
  'statement.import': { needs: 'statement.import' },
  'statement.list': { needs: 'account.view' },
  'statement.compare': { needs: 'account.view' },
  'account.history': { needs: 'account.view' },
  'export.table': { needs: 'export.make' },
};

export const STREAM_ACCESS: Record<StreamKind, AccessRule> = {
  ...ALERT_STREAM_ACCESS,
  ...APPROVAL_STREAM_ACCESS,
  ...AUDIT_STREAM_ACCESS,
  ...DRILL_STREAM_ACCESS,
  ...EVIDENCE_STREAM_ACCESS,
  ...INCIDENT_STREAM_ACCESS,
  ...NOTICE_STREAM_ACCESS,
  ...PEOPLE_STREAM_ACCESS,
  ...PLAN_STREAM_ACCESS,
  ...RULE_STREAM_ACCESS,

  status: { needs: 'anyone' },
  heatmap: { needs: 'monitor.view' },
  table: { needs: 'monitor.view' },
  account: { needs: 'account.view' },
  health: { needs: 'monitor.view' },
  runs: { needs: 'plan.view' },
  run: { needs: 'plan.view' },
  stress: { needs: 'stress.run' },
  distance: { needs: 'inverse.run' },
  limits: { needs: 'monitor.view' },
  scenarios: { needs: 'stress.run' },
  worklists: { needs: 'account.view' },
};
