/** Orders to the shell and its answers: each is matched to its order, a failure is a refusal, and an answer nobody waits for does nothing. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ShellPrinter } from '#engine/reports/paper/shell-printer';
import { type EngineReport, engineReportSchema, shellMessageSchema } from '#shared/contract/shell';

const pages = { html: '<p>x</p>', header: '', footer: '' };
const [one, two] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'] as const;

function printed(printId: string, pdf: Uint8Array | null, fault = '') {
  const message = shellMessageSchema.parse({ type: 'printed', printId, pdf, fault });
  if (message.type !== 'printed') throw new Error('not an answer');
  return message;
}

describe('the printer behind the shell', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('matches answers to orders in any order', async () => {
    const reports: EngineReport[] = [];
    const printer = new ShellPrinter((report) => reports.push(report));
    const [first, second] = [printer.print(pages, one), printer.print(pages, two)];
    expect(reports.map((report) => engineReportSchema.parse(report))).toMatchObject([
      { type: 'print', printId: one },
      { type: 'print', printId: two },
    ]);
    printer.onPrinted(printed(two, new Uint8Array([2])));
    printer.onPrinted(printed(one, null, 'the page did not load'));
    expect(await second).toEqual({ ok: true, value: new Uint8Array([2]) });
    expect(await first).toMatchObject({ ok: false, code: 'FAILED', message: expect.stringContaining('the page did not load') });
  });

  it('refuses when the shell never answers, and drops an answer that comes after that', async () => {
    vi.useFakeTimers();
    const printer = new ShellPrinter(() => undefined);
    const late = printer.print(pages, one);
    await vi.advanceTimersByTimeAsync(90_000);
    expect(await late).toMatchObject({ ok: false, code: 'FAILED' });
    printer.onPrinted(printed(one, new Uint8Array([1])));
    expect(await late).toMatchObject({ ok: false });
  });
});
