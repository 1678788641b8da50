/** The fine-grained things a person may be allowed to do at the desk. Roles are sets of these (resources/access/roles.json); requests and streams name the one they need. */
import { z } from 'zod';

export const FUNCTION_NAMES = [
  // the market side
  'monitor.view',
  'account.view',
  'stress.run',
  'inverse.run',
  'budget.run',
  'scenario.edit',
  'worklist.request',
  'statement.import',
  'prices.import',
  'reference.edit',
  'export.make',
  'export.large',
  // feeds, recordings and the desk itself
  'feed.control',
  'feed.configure',
  'recording.make',
  'replay.run',
  'settings.desk',
  'backup.make',
  'backup.restore',
  // alerts and rules
  'alert.view',
  'alert.handle',
  'alert.closeCritical',
  'alert.shelve',
  'rule.view',
  'rule.edit',
  'delivery.configure',
  'notice.handle',
  // plans, runs, drills, incidents
  'plan.view',
  'plan.edit',
  'plan.publish',
  'run.act',
  'run.command',
  'drill.control',
  'drill.evaluate',
  'incident.declare',
  'incident.handle',
  'report.handle',
  'report.arm',
  'evidence.add',
  'evidence.view',
  // people and the record
  'people.view',
  'people.manage',
  'role.grant',
  'approval.decide',
  'breakGlass.use',
  'audit.view',
  'audit.export',
  'privacy.agree',
  'handover.make',
] as const;

export const functionNameSchema = z.enum(FUNCTION_NAMES);
export type FunctionName = z.infer<typeof functionNameSchema>;
