/** The whole way: a broker on a real socket, the book, the watch, the journal on disk, and a page on a real port. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

let desk: TestDesk;
beforeEach(() => {
  desk = createTestDesk();
});
afterEach(() => desk.end());

const ACCOUNTS = { table: 'accounts', scope: {}, filter: '', sort: null, first: 0, count: 100 } as const;

describe('a desk with a live feed', () => {
  it('values accounts, raises each level once, and tells the page', async () => {
    const server = await desk.startDemo();
    const engine = await desk.start(server.url);
    const page = new PageClient(engine);
    const status = page.subscribe('status', {});
    const accounts = page.subscribe('table', { ...ACCOUNTS });
    await page.until(() => status()?.feeds[0]?.state === 'live' && status()?.offline === null);
    const rows = await page.until(() => {
      const picture = accounts();
      return picture !== null && picture.total === 60 && picture.rows.every((row) => 'balance' in row && row.balance !== null) && picture.rows;
    });
    const alerts = await page.until(
      () => [...page.alerts.values()].filter((alert) => alert.kind === 'riskLevel').length > 0 && [...page.alerts.values()],
    );
    page.close();
  });
});
