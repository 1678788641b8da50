/** Raises when figures that must be watched are not known, or the desk's own rows and the feed's disagree: one alert for the book with a count and the first, not one per account. */
import type { WatchMoment, WatchRule } from '#engine/watch/rule';
import type { WatchRuleRow } from '#engine/watch/rule-schema';
import { BookRule, type Found, NAMELESS } from '#engine/watch/rules/book-rule';

/** What is only counted: one more is a further one, whichever it is. */
function numbered(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${NAMELESS}${what} ${index + 1}`);
}

class FiguresUnknownRule extends BookRule {
  constructor(row: WatchRuleRow) {
    super(row, 'book:accounts');
  }

  protected find({ columns, book }: WatchMoment): Found {
    const { count, accountIDs, balance, currMargin, exchangeMargin } = columns;
    const members: string[] = [];
    let first = -1;
    for (let index = 0; index < count; index += 1) {
      if (!Number.isNaN((balance[index] as number) + (currMargin[index] as number) + (exchangeMargin[index] as number))) continue;
      if (!book.isPresent(index)) continue;
      if (first < 0) first = index;
      members.push(accountIDs[index] ?? '');
    }
    const unknownCount = members.length;
    // A group whose members were refused has no figures of its own either; its accounts have theirs.
    const groups = book.refusedGroups();
    members.push(...numbered('group', groups.count));
    const params = () => ({
      unknownCount,
      accountCount: count,
      firstAccountID: first < 0 ? null : (accountIDs[first] ?? null),
      firstReason: first < 0 ? null : (book.reasonOf(first) ?? book.exchangeReasonOf(first)),
      ...(groups.count === 0 ? {} : { refusedGroupCount: groups.count, groupReason: groups.firstReason }),
    });
    return { members, params };
  }
}

class OwnRowsRule extends BookRule {
  constructor(row: WatchRuleRow) {
    super(row, 'book:reference');
  }

  protected find({ book }: WatchMoment): Found {
    const { count, first } = book.differingOwnRows();
    const params = () => ({
      firstContract: first?.about ?? null,
      firstField: first?.field ?? null,
      ownValue: first?.own ?? null,
      feedValue: first?.feed ?? null,
    });
    return { members: numbered('row', count), params };
  }
}

export function ownRowsRule(row: WatchRuleRow): WatchRule {
  return new OwnRowsRule(row);
}

export function figuresUnknownRule(row: WatchRuleRow): WatchRule {
  return new FiguresUnknownRule(row);
}
