/** A desk that is started with its machine's clock behind its own record says so, and people accept the clock. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AheadClock } from '#tests/integration/drills/drill-room';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

const TWO_HOURS_MS = 7_200_000;

let desk: TestDesk;
beforeEach(() => {
  desk = createTestDesk();
});
afterEach(() => desk.end());

it('is doubted from the first picture on, and once only', async () => {
  const clock = new AheadClock();
  clock.byMs = TWO_HOURS_MS;
  const before = await desk.start(null, {}, { clock });
  await before.stop();

  clock.byMs = 0;
  const engine = await desk.start(null, {}, { clock });
  const page = new PageClient(engine);
  const status = page.subscribe('status', {});
  const { clock: doubt } = await page.until(() => {
    const picture = status();
    return picture?.clock == null ? null : picture;
  });
  expect(doubt).toMatchObject({ cause: 'start', jumps: 1 });
  expect(Math.abs((doubt?.differenceMs ?? 0) + TWO_HOURS_MS)).toBeLessThan(60_000);
  page.close();
});

it('is believed where it only went on', async () => {
  const clock = new AheadClock();
  const before = await desk.start(null, {}, { clock });
  await before.stop();
  clock.byMs = TWO_HOURS_MS;
  const engine = await desk.start(null, {}, { clock });
  const page = new PageClient(engine);
  const picture = await page.until(page.subscribe('status', {}));
  expect(picture.clock).toBeNull();
  page.close();
});
