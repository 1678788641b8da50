/** A desk on a real folder with a clock that a test moves, for tests that need the whole human side. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import type { Clock } from '#engine/clock';
import { createDesk, type Desk } from '#engine/desk/desk';
import { loadReportingRules } from '#engine/desk/incidents/reporting-rules';
import { loadPlans } from '#engine/desk/plans/plan-library';
import type { SecondPerson } from '#engine/desk/second-person';
import { ChainedJournal } from '#engine/journal/chained-journal';
import type { Log } from '#engine/store/log';
import { openStore, type Store } from '#engine/store/open-store';
import type { Condition } from '#engine/watch/condition';
import type { Settings } from '#shared/contract/requests';
import { closeStore } from '#tests/helpers/close-store';

export class TestClock implements Clock {
  ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  nowMs(): number {
    return this.ms;
  }

  monotonicMs(): number {
    return performance.now();
  }
}

export const START_MS = Date.UTC(2026, 8, 21, 1, 0, 0);
export const RESOURCES = join(import.meta.dirname, '../../../resources/plans');

export const defaultSettings: Settings = { language: 'en', theme: 'dark', priceColours: 'redUp', person: 'li.wei', feeds: [] };

export type OpenDesk = { store: Store; journal: ChainedJournal; desk: Desk; clock: TestClock; close: () => Promise<void> };

export function openDesk(
  directory: string,
  options: { clock?: TestClock; log?: Log; mode?: 'live' | 'drill'; secondPerson?: SecondPerson; isPerson?: (personId: string) => boolean } = {},
): OpenDesk {
  const clock = options.clock ?? new TestClock(START_MS);
  const log = options.log ?? (() => undefined);
  const store = openStore({ directory, isPackaged: false, sqliteModulePath: null, clock, log });
  const journal = new ChainedJournal({ file: store.journalFile, clock, newId: v7 });
  const { library, proposals } = loadPlans(RESOURCES);
  const mode = options.mode ?? 'live';
  const reporting = loadReportingRules(join(RESOURCES, '..'));
  const { secondPerson, isPerson } = options;
  const desk = createDesk({
    ...{ store, journal, clock, newId: v7, session: v7(), mode, library, proposals, reporting, defaultSettings, log },
    ...(secondPerson === undefined ? {} : { secondPerson }),
    ...(isPerson === undefined ? {} : { isPerson }),
  });
  return { store, journal, desk, clock, close: () => Promise.resolve(closeStore(store)) };
}

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'floorwatch-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function condition(transition: Condition['transition'], overrides: Partial<Condition> = {}): Condition {
  return {
    transition,
    ruleId: 'risk-level',
    kind: 'riskLevel',
    entity: 'account:A0001',
    dimensions: {},
    severity: 'high',
    atMs: START_MS,
    reason: {
      ruleId: 'risk-level',
      ruleVersion: 1,
      metric: 'riskDegree',
      value: 1.02,
      enterThreshold: 1,
      exitThreshold: 0.97,
      thresholdCitation: 'test',
      thresholdCertainty: 'demonstration',
      observedAtMs: START_MS,
      params: {},
    },
    ...overrides,
  };
}
