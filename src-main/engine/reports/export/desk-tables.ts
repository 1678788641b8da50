/** Rows of files about one answer: settlement statements and how they compare, value at risk, and where one figure of an account comes from. */
import type { Explanation } from '#shared/contract/numbers-account';
import type { StatementComparison, StatementView } from '#shared/contract/numbers-desk';
import type { VarAnswer, VarEstimate, VarParams } from '#shared/contract/numbers-stress';
import type { Derivation } from '#shared/market/explain/derivation';

export function statementRows(statements: readonly StatementView[]): object[] {
  return statements.map(
    ({ clientID, clientName, date, basis, currencyID, importedBy, importedAtMs, checkCount, disagreements, notRecomputed, sha256 }) => ({
      clientID,
      clientName,
      date,
      basis,
      currencyID,
      importedBy,
      importedAtMs,
      checkCount,
      disagreementCount: disagreements.length,
      notRecomputed,
      sha256,
    }),
  );
}

/** What the statement itself does not add up to, then its figures and positions beside ours. */
export function comparisonRows({ statement, relation, fields, positions }: StatementComparison): object[] {
  const head = { clientID: statement.clientID, date: statement.date, relation };
  return [
    ...statement.disagreements.map(({ subject, field, line, stated, computed, difference, reason }) => ({
      ...head,
      part: 'ownSum',
      statedFigure: field,
      subject,
      line,
      stated,
      ours: computed,
      residual: difference,
      reason: reason ?? null,
    })),
    ...fields.map(({ field, stated, ours, counter, residual, reason }) => ({
      ...head,
      part: 'figure',
      statedFigure: field,
      stated,
      ours,
      counter,
      residual,
      reason,
    })),
    ...positions.map(({ exchangeID, instrumentID, direction, statedVolume, volume, statedPrice, price, reason }) => ({
      ...head,
      part: 'position',
      exchangeID,
      instrumentID,
      direction,
      statedVolume,
      volume,
      statedPrice,
      price,
      reason,
    })),
  ];
}

/** One row a method, then the back-test; an estimate that there is none of says why. */
export function varRows({ confidence, horizonDays }: VarParams, answer: VarAnswer): object[] {
  const { exposure, leftOutExposure, leftOut, currencies, unknownAccounts, historyFrom, historyTo, sources, backTest } = answer;
  const common = {
    confidence,
    horizonDays,
    exposure,
    leftOutExposure,
    leftOut: leftOut.join(' '),
    currencies: currencies.join(' '),
    unknownAccounts,
    historyFrom,
    historyTo,
    sources: sources.join(' '),
  };
  return [
    { method: 'historical', ...estimateCells(answer.historical), ...common },
    { method: 'parametric', ...estimateCells(answer.parametric), ...common },
    backTest.kind === 'zone'
      ? {
          method: 'backTest',
          zone: backTest.zone,
          exceptions: backTest.exceptions,
          observations: backTest.days,
          historyFrom: backTest.firstDate,
          historyTo: backTest.lastDate,
        }
      : { method: 'backTest', ...historyCells(backTest) },
    ...answer.basis.map(({ name, value, effectiveFrom, citation, certainty }) => ({
      method: 'basis',
      parameter: name,
      value,
      effectiveFrom,
      citation,
      certainty,
    })),
  ];
}

function estimateCells(estimate: VarEstimate): object {
  switch (estimate.kind) {
    case 'value':
      return { amount: estimate.amount, observations: estimate.observations, reason: null };
    case 'notEnoughHistory':
      return historyCells(estimate);
    case 'unknown':
      return { amount: null, observations: null, reason: estimate.reason };
  }
}

function historyCells({ have, need }: { have: number; need: number }): object {
  return { amount: null, observations: have, reason: `notEnoughHistory:${have}/${need}` };
}

/** One row a line of the tree, depth first, as the page shows it with every line open. */
export function explanationRows({ accountID, field, root, counter, marketAsOfMs, tradingDay }: Explanation): object[] {
  const rows: object[] = [];
  const visit = (node: Derivation, depth: number): void => {
    const { subject, unit, value, text, reason, factor, formula, source } = node;
    rows.push({
      accountID,
      figure: field,
      depth,
      line: node.id.replace(/^input\./, '').replaceAll('.', '_'),
      subject,
      sign: depth > 0 && factor === -1 ? '-' : null,
      value,
      unit,
      text,
      reason,
      formula,
      feedId: source?.feedId ?? null,
      stream: source?.stream ?? null,
      sequence: source?.sequence ?? null,
      asOfMs: source?.asOfMs ?? null,
      receivedAtMs: source?.receivedAtMs ?? null,
      ruleRows: node.rules.map(ruleText).join('; '),
      ...(depth === 0 ? { counter: counter?.value ?? null, counterAsOfMs: counter?.asOfMs ?? null, marketAsOfMs, tradingDay } : {}),
    });
    for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return rows;
}

/** With who stands for it where no source says it. */
function ruleText({ certainty, subject, text, effectiveFrom, citation, supplied }: Derivation['rules'][number]): string {
  const row = `(${certainty}) ${subject}: ${text}, ${effectiveFrom}, ${citation}`;
  if (supplied === undefined) return row;
  const { suppliedBy, approvedBy, precedence, feedSays } = supplied;
  const instead = precedence === 'insteadOf' && feedSays !== null ? `, feed: ${feedSays}` : '';
  return `${row}, ${precedence} ${suppliedBy} (${approvedBy.join(' ')})${instead}`;
}
