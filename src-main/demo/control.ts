/** What a demonstrator may say to the running process: JSON lines on standard input, or messages from the process that started it. */
import { z } from 'zod';
import { streamNameSchema } from '#shared/feed/items';
import { accept, type Outcome, refuse } from '#shared/refusal';
import type { Broker } from './broker';
import { EPISODE_KINDS } from './episodes/episode';
import type { DemoServer } from './server/demo-server';

/** A fault that outlasts an hour is a stopped process. */
const LONGEST_FAULT_MS = 3_600_000;

const controlSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), phase: z.enum(['auto', 'calm', 'busy', 'violent']) }),
  z.object({ type: z.literal('episode'), kind: z.enum(EPISODE_KINDS) }),
  z.object({ type: z.literal('loseNext'), stream: streamNameSchema }),
  z.object({ type: z.literal('cut'), forMs: z.number().int().min(0).max(LONGEST_FAULT_MS) }),
  z.object({ type: z.literal('gatewayDown'), forMs: z.number().int().min(0).max(LONGEST_FAULT_MS) }),
  z.object({ type: z.literal('priceShock'), productID: z.string().min(1).max(16), percent: z.number().min(-30).max(30) }),
  z.object({ type: z.literal('stop') }),
]);
type Control = z.infer<typeof controlSchema>;

export function parseControl(message: unknown): Outcome<Control> {
  let raw = message;
  if (typeof raw === 'string') {
    try {
      raw = JSON.parse(raw);
    } catch {
      return refuse('INVALID', 'a control line must be JSON');
    }
  }
  const parsed = controlSchema.safeParse(raw);
  if (parsed.success) return accept(parsed.data);
  const issue = parsed.error.issues[0];
  return refuse('INVALID', `control ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`);
}

/** Does what was asked. Answers why it could not, or null. Stopping is the process's own business. */
export function obey(command: Exclude<Control, { type: 'stop' }>, broker: Broker, server: DemoServer): string | null {
  switch (command.type) {
    case 'phase':
      broker.setPhase(command.phase);
      return null;
    case 'episode':
      return broker.startEpisode(command.kind) ? null : `nobody can play ${command.kind} at this moment`;
    case 'loseNext':
      server.loseNext(command.stream);
      return null;
    case 'cut':
      server.cut(command.forMs);
      return null;
    case 'gatewayDown':
      broker.stopGateway(command.forMs);
      return null;
    case 'priceShock':
      return broker.shockPrices(command.productID, command.percent) ? null : `nothing of the product ${command.productID} is traded here`;
  }
}
