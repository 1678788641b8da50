/** What both ends of the pipeline bench must agree on: the size of the book and of a message, and a desk as a risk officer knows it. */
import { Book } from '#engine/book/book';
import { type BookFixture, makeBookFixture, seededRandom } from '#tests/bench/book-fixture';

export const BOOK = { instruments: 200, accounts: 1000, lots: 100_000 };
export const QUOTES_PER_MESSAGE = 20;

/** Most accounts use a fifth to three quarters of their equity; one in twenty stands between 75 % and 105 %, where the levels are. */
export function makeDesk(): BookFixture {
  const fixture = makeBookFixture(1, BOOK, false);
  const book = new Book();
  book.apply(fixture.events);
  book.evaluate();
  const { balance, currMargin } = book.accountColumns();
  const random = seededRandom(4);
  fixture.accounts.forEach((account, index) => {
    const degree = random() < 0.05 ? 0.75 + random() * 0.3 : 0.2 + random() * 0.55;
    const missing = (currMargin[index] ?? 0) / degree - (balance[index] ?? 0);
    account.preBalance = Math.round(((account.preBalance ?? 0) + missing) * 100) / 100;
  });
  return fixture;
}
