/** What a demonstrator may say to the running process: JSON lines on standard input, or messages from the process that started it. */
import { z } from 'zod';
import { streamNameSchema } from '#shared/feed/items';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { EPISODE_KINDS } from './episodes/episode';

const controlSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), phase: z.enum(['auto', 'calm', 'busy', 'violent']) }),
  z.object({ type: z.literal('episode'), kind: z.enum(EPISODE_KINDS) }),
  z.object({ type: z.literal('loseNext'), stream: streamNameSchema }),
  z.object({ type: z.literal('cut'), forMs: z.number().int().min(0).max(600_000) }),
  z.object({ type: z.literal('stop') }),
]);
export type Control = z.infer<typeof controlSchema>;

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
