/** Finds the accounts that call for a notice, freezes their figures into one, and follows what people did with it. It sends nothing. */
import type { BookReader } from '#engine/book/book-reader';
import type { HandlersOf } from '#engine/desk/handlers';
import { KeptDocuments, newestFirst } from '#engine/desk/kept-documents';
import type { Recorder } from '#engine/desk/record';
import type { DocumentTable } from '#engine/store/projection-tables';
import { StoreError } from '#engine/store/store-error';
import type { NOTICE_REQUESTS, NoticeCandidate, PictureByNoticeStream } from '#shared/contract/notices';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { AccountRow, RiskLevel } from '#shared/contract/streams';
import { decideAnswered, decideFollow, decideNotice, isOwed, isStanding, standingLevels } from '#shared/desk/notices/decide';
import type { NoticeEvent } from '#shared/desk/notices/events';
import { fillTemplate } from '#shared/desk/notices/fill-template';
import { type Notice, type NoticeLevel, type NoticeTemplate, noticeSchema, noticeTemplatesSchema } from '#shared/desk/notices/notice';
import { accept, type Outcome, refuse } from '#shared/refusal';
import templatesFile from '../../../../resources/notices/templates.json' with { type: 'json' };

const { templates } = noticeTemplatesSchema.parse(templatesFile);

const NOTICE_OF_LEVEL: Partial<Record<RiskLevel, NoticeLevel>> = { call: 'marginCall', force: 'forceLiquidation', negative: 'forceLiquidation' };
const SHOWN_NOTICES = 1_000;

/** What an account has been told and has not answered, and by when the earliest call of it is due; null without one that is owed. */
type Unanswered = { notices: readonly Notice[]; dueAtMs: number | null };

export type NoticeMarket = { book: () => BookReader; isDataLive: () => boolean; timeZone: () => string | null };

export class NoticeDesk {
  readonly #recorder: Recorder;
  readonly #market: NoticeMarket;
  readonly #documents: DocumentTable;
  readonly #kept: KeptDocuments<Notice>;
  /** Asked for of every account each second, so made only when a notice has changed or the day has. */
  #unanswered: { version: number; tradingDay: string | null; byAccount: ReadonlyMap<string, Unanswered> } | null = null;
  /** By notice: since when its account has been below the degree that ends it, on the desk's clock. */
  readonly #restoredSince = new Map<string, number>();

  constructor(recorder: Recorder, market: NoticeMarket) {
    this.#recorder = recorder;
    this.#market = market;
    this.#documents = recorder.journal.tables.documents;
    this.#kept = new KeptDocuments(recorder.journal, 'clientNotice', 'notice');
  }

  picture(): PictureByNoticeStream['notices'] {
    const { tradingDay } = this.#market.book();
    const dueAfterMs = templateOf('marginCall', tradingDay ?? '99999999')?.dueAfterMs ?? null;
    const notices = newestFirst(this.#kept.all(), SHOWN_NOTICES);
    return { tradingDay, isDataLive: this.#market.isDataLive(), candidates: this.#candidates(), notices, dueAfterMs };
  }

  generate({ accountIDs, dueInMs }: RequestPayload<'notice.generate'>): Outcome<RequestAnswer<'notice.generate'>> {
    const book = this.#market.book();
    const { tradingDay } = book;
    if (!this.#market.isDataLive() || tradingDay === null) {
      return this.#recorder.refused('notice.generate', refuse('UNAVAILABLE', 'the account data is not live: nobody is called on old figures'));
    }
    const standing = this.#standing(tradingDay);
    const context = this.#recorder.context();
    const events: NoticeEvent[] = [];
    const skipped: { accountID: string; reason: string }[] = [];
    for (const accountID of new Set(accountIDs)) {
      const row = book.accountRow(accountID);
      const level = row === null ? undefined : NOTICE_OF_LEVEL[row.level];
      const template = level === undefined ? null : templateOf(level, tradingDay);
      if (row === null || level === undefined || template === null) {
        skipped.push({ accountID, reason: row === null ? 'noAccount' : 'noNoticeCalledFor' });
        continue;
      }
      const figures = figuresOf(row);
      const lengthMs = level === 'marginCall' ? (dueInMs ?? template.dueAfterMs ?? null) : null;
      // On the clock of the figures: what was judged and what is due must not come from two clocks.
      const dueAtMs = lengthMs === null ? null : (figures.asOfMs ?? context.nowMs) + lengthMs;
      const words = { accountID, accountName: row.accountName, tradingDay, figures, timeZone: this.#market.timeZone(), dueAtMs };
      const { templateId, version } = template;
      const draft = { noticeId: context.newId(), ...words, level, templateId, templateVersion: version, text: fillTemplate(template, words) };
      const { timeZone: _zone, ...notice } = draft;
      const decision = decideNotice(notice, standing.get(accountID) ?? null, context);
      if (Array.isArray(decision)) events.push(...decision);
      else skipped.push({ accountID, reason: 'standsAlready' });
    }
    const recorded = this.#recorder.record('notice.generate', events);
    if (!recorded.ok) return recorded;
    const ids = new Set(recorded.value.map(({ subject }) => subject.slice('notice:'.length)));
    return accept({ notices: this.#kept.all().filter(({ noticeId }) => ids.has(noticeId)), skipped });
  }

  follow({ accountID, noticeId, state, method, note }: RequestPayload<'notice.follow'>): Outcome<Notice> {
    const notice = this.#notice(noticeId);
    // Whoever may work with one account must not reach another's notice by its id.
    if (notice === null || notice.accountID !== accountID) {
      return this.#recorder.refused('notice.follow', refuse('UNKNOWN', `there is no notice ${noticeId} of ${accountID}`, 'noticeId'));
    }
    const recorded = this.#recorder.record('notice.follow', decideFollow(notice, { state, method, note }, this.#recorder.context()));
    return recorded.ok ? accept(this.#notice(noticeId) ?? notice) : recorded;
  }

  /** By when the account's margin call has to be answered, of whatever day; the earliest of several. Null without one that is owed. */
  callDueAtMs(accountID: string): number | null {
    return this.#unansweredByAccount().get(accountID)?.dueAtMs ?? null;
  }

  /**
   * Every second: an account that has stayed below the degree that ends what it was told, on live figures, has answered it, and that is recorded.
   * What cannot be written is found again at the next call.
   */
  tick(nowMs: number): void {
    const { tradingDay } = this.#market.book();
    if (tradingDay === null || !this.#market.isDataLive()) {
      this.#restoredSince.clear();
      return;
    }
    const restored = this.#restored(tradingDay);
    for (const noticeId of this.#restoredSince.keys()) if (!restored.has(noticeId)) this.#restoredSince.delete(noticeId);
    const events: NoticeEvent[] = [];
    for (const [noticeId, { notice, row, forMs }] of restored) {
      const sinceMs = this.#restoredSince.get(noticeId) ?? nowMs;
      this.#restoredSince.set(noticeId, sinceMs);
      if (nowMs - sinceMs >= forMs) events.push(...decideAnswered(notice, figuresOf(row), nowMs));
    }
    try {
      if (events.length > 0) this.#recorder.append(events, 'engine');
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /** Whose account is below the degree that ends it now, by notice, and for how long it has to be. */
  #restored(tradingDay: string): Map<string, { notice: Notice; row: AccountRow; forMs: number }> {
    const book = this.#market.book();
    const restored = new Map<string, { notice: Notice; row: AccountRow; forMs: number }>();
    for (const [accountID, { notices }] of this.#unansweredByAccount()) {
      const row = book.accountRow(accountID);
      if (row === null) continue;
      for (const notice of notices) {
        const ends = templateOf(notice.level, tradingDay)?.answered;
        if (ends !== undefined && isBelow(row, ends.belowDegree)) restored.set(notice.noticeId, { notice, row, forMs: ends.forMs });
      }
    }
    return restored;
  }

  /** Calls that are owed, of whatever day, and whatever else stands of this one. */
  #unansweredByAccount(): ReadonlyMap<string, Unanswered> {
    const { version } = this.#kept;
    const { tradingDay } = this.#market.book();
    if (this.#unanswered === null || this.#unanswered.version !== version || this.#unanswered.tradingDay !== tradingDay) {
      const byAccount = new Map<string, Unanswered>();
      for (const notice of this.#kept.all()) {
        const owedAtMs = isOwed(notice) ? notice.dueAtMs : null;
        if (owedAtMs === null && !(isStanding(notice) && notice.tradingDay === tradingDay)) continue;
        const { notices, dueAtMs } = byAccount.get(notice.accountID) ?? { notices: [], dueAtMs: null };
        const earliestMs = owedAtMs === null || dueAtMs === null ? (owedAtMs ?? dueAtMs) : Math.min(owedAtMs, dueAtMs);
        byAccount.set(notice.accountID, { notices: [...notices, notice], dueAtMs: earliestMs });
      }
      this.#unanswered = { version, tradingDay, byAccount };
    }
    return this.#unanswered.byAccount;
  }

  readonly requests: HandlersOf<keyof typeof NOTICE_REQUESTS> = {
    'notice.generate': (payload) => this.generate(payload),
    'notice.follow': (payload) => this.follow(payload),
  };

  #notice(noticeId: string): Notice | null {
    const body = this.#documents.get('clientNotice', noticeId);
    return noticeSchema.safeParse(body).data ?? null;
  }

  /** Of every notice of the day, however many there are: one that is overlooked would be made a second time. */
  #standing(tradingDay: string): ReadonlyMap<string, NoticeLevel> {
    return standingLevels(this.#kept.all(), tradingDay);
  }

  #candidates(): NoticeCandidate[] {
    const book = this.#market.book();
    const { tradingDay } = book;
    if (tradingDay === null || !this.#market.isDataLive()) return [];
    const { count, accountIDs } = book.accountColumns();
    const standingByAccount = this.#standing(tradingDay);
    const candidates: NoticeCandidate[] = [];
    for (let index = 0; index < count; index += 1) {
      const level = NOTICE_OF_LEVEL[book.levelOf(index)];
      const row = level === undefined ? null : book.accountRow(accountIDs[index] ?? '');
      if (level === undefined || row === null) continue;
      const standing = standingByAccount.get(row.accountID) ?? null;
      if (standing === level || standing === 'forceLiquidation') continue;
      const { accountID, accountName, departmentID } = row;
      candidates.push({ accountID, accountName, departmentID, level, standing, figures: figuresOf(row) });
    }
    return candidates;
  }
}

/** By the company's degree of an account that owes nothing: below zero there is no degree that could be low enough. */
function isBelow({ riskDegree, level, quality }: AccountRow, degree: number): boolean {
  return riskDegree !== null && quality !== 'stale' && quality !== 'unknown' && (level === 'normal' || level === 'warn') && riskDegree < degree;
}

function figuresOf({ riskDegree, balance, currMargin, available, marginCall, currencyID, asOfMs }: AccountRow): Notice['figures'] {
  return { riskDegree, balance, currMargin, available, marginCall, currencyID, asOfMs };
}

/** The newest wording in force on the trading day. */
function templateOf(level: NoticeLevel, tradingDay: string): NoticeTemplate | null {
  const inForce = templates.filter((template) => template.level === level && template.effectiveFrom <= tradingDay);
  return inForce.reduce<NoticeTemplate | null>((best, template) => (best === null || template.version > best.version ? template : best), null);
}
