/** What both ends of the pipeline bench must agree on. */
export const BOOK = { instruments: 200, accounts: 1000, lots: 100_000 };
export const QUOTES_PER_MESSAGE = 20;
