/** The journal river: store, chained journal, signing keys, people and the desk, opened in the order in which each needs the other. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createPeople } from '#engine/access';
import type { Book } from '#engine/book/book';
import type { BookReach } from '#engine/desk/bus/book-reach';
import { createDesk, type Desk } from '#engine/desk/desk';
import { loadReportingRules } from '#engine/desk/incidents/reporting-rules';
import type { PeopleDesk } from '#engine/desk/people/people-desk';
import { loadPlans } from '#engine/desk/plans/plan-library';
import { Recorder } from '#engine/desk/record';
import type { EngineSetting } from '#engine/engine-parts';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { createEntryIds } from '#engine/journal/entry-ids';
import { SigningKeys } from '#engine/journal/signing/signing-keys';
import type { KeyOpened } from '#engine/locked-desk';
import { KEYCHAIN_SLOT, MEMORY_SLOT, type WrappingKey } from '#engine/store/data-key';
import { openStore, type Store } from '#engine/store/open-store';
import { StoreError } from '#engine/store/store-error';
import type { Settings } from '#shared/contract/requests';
import type { EngineOptions } from '#shared/contract/shell';
import type { DrillSeed } from '#shared/desk/drills/seed';
import packageJson from '../../package.json' with { type: 'json' };

export type JournalRiver = {
  readonly store: Store;
  readonly journal: ChainedJournal;
  /** When the desk last wrote before this start, by its clock of then; null for a new record. */
  readonly lastEntryAtMs: number | null;
  readonly people: PeopleDesk;
  readonly desk: Desk;
  readonly recorder: Recorder;
  readonly signing: SigningKeys;
  readonly reporting: ReturnType<typeof loadReportingRules>;
  /** Where only people's secrets open the desk, its shell gets a way for as long as it runs: an engine that ends at night needs nobody. */
  keepKeyInMemory(): void;
};

/** What is made later, and asked for later still. */
export type JournalRiverLinks = { shownBook: () => Book; reach: () => BookReach };

/** Opens the desk's record. Throws a StoreError when it cannot be opened, or is that of another mode; then nothing was written. */
export function openJournalRiver({ parts, options, engineId, clock, log, resources }: EngineSetting, links: JournalRiverLinks): JournalRiver {
  const { mode } = options;
  const store = openStore({
    directory: options.dataDir,
    isPackaged: options.isPackaged,
    sqliteModulePath: options.sqliteModulePath,
    clock,
    log,
    wrappingKeys: wrappingKeysOf(options, parts.keyOpened),
  });
  const onListenerFailure = (error: unknown): void => log('error', 'journalListenerFailed', { message: String(error) });
  const newId = createEntryIds(() => clock.nowMs());
  const journal = new ChainedJournal({ file: store.journalFile, clock, newId, onListenerFailure });
  const lastEntry = journal.entriesAfter(journal.headSequence - 1, 1)[0];
  const lastEntryAtMs = lastEntry === undefined ? null : Date.parse(lastEntry.wallTime);
  const [first] = journal.entriesAfter(0, 1);
  if (first !== undefined && first.mode !== mode) {
    // Nothing was written, and nothing is: neither a drill's entries into a live record nor the other way round.
    store.journalFile.database.close();
    throw new StoreError('otherMode', `the folder ${options.dataDir} is that of a ${first.mode} desk`);
  }
  const reporting = loadReportingRules(resources);
  const people = createPeople({
    journal,
    clock,
    mode,
    log,
    engineId,
    secretCost: parts.secretCost ?? null,
    dataDir: options.dataDir,
    dataKey: store.dataKey,
    onKeyKept: keepKeyInMemory,
    askAuthenticator: parts.askAuthenticator,
    localName: options.person,
    signer: () => signing,
    settings: () => desk.settings.get(),
    book: links.shownBook,
    reach: links.reach,
  });
  const person = (): string => people.actor();
  const desk = createDesk({
    person,
    secondPerson: people.secondPerson,
    humanOf: (personId) => people.forBus.humanOf(personId),
    isPerson: (personId) => people.isActive(personId),
    onDestroyed: () => people.forgetDestroyed(),
    store,
    journal,
    clock,
    newId: uuidv7,
    session: engineId,
    mode,
    ...loadPlans(join(resources, 'plans')),
    reporting,
    defaultSettings: defaultSettingsOf(options),
    log,
  });
  desk.open(packageJson.version);
  const recorder = new Recorder({ journal, mode, clock, newId: uuidv7, session: engineId, person, log });
  const signing = new SigningKeys({
    journal,
    journalPath: store.journalFile.path,
    nowMs: () => clock.nowMs(),
    record: (event) => void recorder.append([event], 'engine'),
  });
  signing.begin();
  if (mode === 'drill' && options.drillSeed !== undefined) takeSeed(options.drillSeed);
  people.open();

  /** Before anybody sits there: the same people, plans and duties as at the live desk. */
  function takeSeed({ people: copied, plans, firm }: DrillSeed): void {
    if (copied !== null) people.takeCopy(copied);
    desk.plans.library.takeCopy(plans);
    desk.incidents.takeFirm(firm);
  }

  function keepKeyInMemory(): void {
    const { dataKey } = store;
    if (dataKey.keeping !== 'signIn') return;
    const { memoryKey } = options;
    if (memoryKey !== undefined && dataKey.opensWith({ slot: MEMORY_SLOT, key: Buffer.from(memoryKey, 'base64') })) return;
    const key = randomBytes(32);
    dataKey.putSlot({ slot: MEMORY_SLOT, key });
    parts.report?.({ type: 'keyHeld', key: key.toString('base64') });
  }

  return { store, journal, lastEntryAtMs, people, desk, recorder, signing, reporting, keepKeyInMemory };
}

function defaultSettingsOf(options: EngineOptions): Settings {
  return { language: 'zh-CN', theme: 'dark', ...options.looks, priceColours: 'redUp', person: options.person, feeds: [] };
}

function wrappingKeysOf(options: EngineOptions, keyOpened: KeyOpened | undefined): WrappingKey[] {
  const ways = [
    { slot: KEYCHAIN_SLOT, key: options.keychainKey },
    { slot: MEMORY_SLOT, key: options.memoryKey },
  ];
  const held = ways.flatMap(({ slot, key }) => (key === undefined ? [] : [{ slot, key: Buffer.from(key, 'base64') }]));
  return keyOpened === undefined ? held : [...held, keyOpened.way];
}
