/** Every option passes a schema before a command sees it; what does not fit is refused with its name and the reason. */
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { type CliIo, CliRefusal, EXIT } from '#cli/cli-io';
import { isCalendarDay } from '#shared/calendar-day';

export function parseOptions<Schema extends z.ZodType>(schema: Schema, given: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  throw new CliRefusal(EXIT.usage, `${field === '' ? 'options' : `--${field}`}: ${issue?.message ?? 'does not fit'}`, field);
}

export function pathFrom(io: CliIo, given: string): string {
  return isAbsolute(given) ? given : resolve(io.workingDirectory, given);
}

/** Options come as text: a number is a number or a refusal, never NaN. */
export const numberOption = z.union([z.number(), z.string().trim().min(1).transform(Number)]).pipe(z.number({ error: 'must be a number' }).finite());
export const portOption = numberOption.pipe(z.number().int('must be a whole number').min(0).max(65_535));
/** For how long a command runs: up to a week. */
export const secondsOption = numberOption.pipe(
  z
    .number()
    .min(0.1)
    .max(7 * 86_400),
);
export const dayOption = z.string().refine(isCalendarDay, 'must be a day as YYYYMMDD');
export const seedOption = numberOption.pipe(z.number().int('must be a whole number').min(0).max(0xffff_ffff));
/** How fast recorded or generated time runs: 1 is the speed of the clock on the wall, `max` as fast as the machine can. */
export const speedOption = z.union([z.literal('max'), numberOption.pipe(z.number().min(0.1).max(1000))]);
export const feedUrlOption = z
  .string()
  .max(500)
  .refine((value) => /^wss?:\/\//.test(value), 'must be a ws:// or wss:// address');
