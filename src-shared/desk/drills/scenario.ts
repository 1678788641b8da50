/** A drill's scenario: what is to be shown able to do what, the critical tasks that show it, and the injects that make it hard, on a clock. */
import { z } from 'zod';
import { capabilityAreaSchema } from '#shared/desk/drills/score';

const words = z.object({ en: z.string().min(1).max(2000), zh: z.string().min(1).max(2000) });
const id = z.string().regex(/^[a-z0-9-]{1,48}$/);

const drillTypeSchema = z.enum(['walkthrough', 'tabletop', 'callTree', 'functional', 'full', 'noNotice']);

/**
 * What an inject does. The first group really drives the drill's broker and its feed; the second is told to the players, who have to act as
 * if it were so. Nothing of either can reach anything outside the drill.
 */
export const injectActionSchema = z.discriminatedUnion('kind', [
  /** The feed of the drill desk stops answering for so long. */
  z.object({ kind: z.literal('feedCut'), seconds: z.number().int().min(5).max(3600) }),
  /** Orders and trades stop coming; quotes go on. */
  z.object({ kind: z.literal('gatewayDown'), seconds: z.number().int().min(5).max(3600) }),
  /** Every contract of the product jumps by so much of its last price, within its limits. */
  z.object({ kind: z.literal('priceShock'), productID: z.string().min(1).max(16), percent: z.number().min(-30).max(30) }),
  z.object({ kind: z.literal('marketPhase'), phase: z.enum(['calm', 'busy', 'violent']) }),
  z.object({ kind: z.literal('missingPerson'), role: z.string().min(1).max(16) }),
  z.object({ kind: z.literal('falseLead') }),
  z.object({ kind: z.literal('regulatorCall') }),
  z.object({ kind: z.literal('networkDown') }),
  z.object({ kind: z.literal('message') }),
]);
export type InjectAction = z.infer<typeof injectActionSchema>;

export const injectSchema = z.object({
  no: z.number().int().min(1),
  /** Seconds of drill time, which stands still while the drill is paused. */
  atSeconds: z.number().int().min(0).max(86_400),
  action: injectActionSchema,
  /** What the players are told; empty words are not allowed, an inject that only drives the feeds tells the controllers. */
  content: words,
  expected: words,
  to: z.enum(['players', 'controllers']),
});
export type Inject = z.infer<typeof injectSchema>;

export const criticalTaskSchema = z.object({
  taskId: id,
  capabilityId: id,
  /** The step of the plan whose run measures it. */
  stepNo: z.number().int().min(1),
  text: words,
  targetSeconds: z.number().int().positive(),
  evidenceRequired: z.number().int().min(0).max(20),
  needsTwoPersons: z.boolean(),
});

/** What every report tells of a drill beside its tasks, in the order in which it should come. */
export const MEASURED_TIMES = ['detect', 'acknowledge', 'declare', 'command', 'contain', 'regulator', 'clients', 'restore', 'verify'] as const;
const measuredTimeSchema = z.enum(MEASURED_TIMES);
export type MeasuredTime = z.infer<typeof measuredTimeSchema>;

export const drillScenarioSchema = z
  .object({
    scenarioId: id,
    version: z.number().int().min(1),
    title: words,
    planId: z.string().regex(/^EP-\d{2}$/),
    type: drillTypeSchema,
    isAnnounced: z.boolean(),
    stopWord: words,
    safetyCheck: words,
    objectives: z.array(z.object({ objectiveId: id, text: words, capabilityId: id })).min(1),
    capabilities: z.array(z.object({ capabilityId: id, area: capabilityAreaSchema, title: words })).min(1),
    criticalTasks: z.array(criticalTaskSchema).min(1),
    injects: z.array(injectSchema).min(4).max(12),
    /** The step of the plan at whose end a time is taken; times that no step shows are left out and read from alert, incident and roles. */
    measures: z.partialRecord(measuredTimeSchema, z.number().int().min(1)).default({}),
  })
  .superRefine((scenario, context) => {
    const capabilities = new Set(scenario.capabilities.map(({ capabilityId }) => capabilityId));
    const check = (path: (string | number)[], capabilityId: string): void => {
      if (!capabilities.has(capabilityId)) context.addIssue({ code: 'custom', path, message: `there is no capability ${capabilityId}` });
    };
    for (const [index, { capabilityId }] of scenario.objectives.entries()) check(['objectives', index, 'capabilityId'], capabilityId);
    for (const [index, { capabilityId }] of scenario.criticalTasks.entries()) check(['criticalTasks', index, 'capabilityId'], capabilityId);
    for (const { capabilityId } of scenario.capabilities) {
      if (!scenario.criticalTasks.some((task) => task.capabilityId === capabilityId)) {
        context.addIssue({ code: 'custom', path: ['criticalTasks'], message: `no task shows the capability ${capabilityId}` });
      }
    }
    const numbers = new Set(scenario.injects.map(({ no }) => no));
    if (numbers.size < scenario.injects.length) context.addIssue({ code: 'custom', path: ['injects'], message: 'two injects have one number' });
  });
export type DrillScenario = z.infer<typeof drillScenarioSchema>;

export const drillScenariosSchema = z.object({ about: z.string(), scenarios: z.array(drillScenarioSchema).min(1) });
