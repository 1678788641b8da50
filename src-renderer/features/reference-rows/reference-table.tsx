/** Contracts, rates or aggregation rules in force today: each with whose row it is, since when, and what is missing. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReferenceParams, ReferenceRowView } from '#shared/contract/reference-rows';
import { CertaintyMark } from '../../components/certainty-mark';
import { useFormat } from '../../components/format/use-format';
import { figures, TableHead } from '../../components/table-head';
import { useCitationText } from '../../components/use-citation-text';
import { placeText } from './place-text';
import { type ReferenceWords, useReferenceWords } from './reference-words';
import { EXCHANGE_LINKS } from './row-fields';
import { SupplyButton } from './supply-button';

type Column = { name: string; text(row: ReferenceRowView, words: ReferenceWords): string };

const plain = (name: string): Column => ({ name, text: ({ figures }, words) => words.value(name, figures[name]) });
const rate = (name: string, byMoney: string, byVolume: string): Column => ({
  name,
  text: ({ figures }, words) =>
    [
      words.rate(figures[byMoney], figures[byVolume], figures.isRelative === true),
      ...EXCHANGE_LINKS.filter((link) => figures[`${link}.${byMoney}`] !== undefined).map((link) =>
        words.link(link, figures[`${link}.${byMoney}`], figures[`${link}.${byVolume}`]),
      ),
    ].join(' '),
});

const COLUMNS: Record<ReferenceParams['table'], readonly Column[]> = {
  instrument: [plain('volumeMultiple'), plain('priceTick'), plain('productClass'), plain('expireDate')],
  marginRate: [
    rate('long', 'longMarginRatioByMoney', 'longMarginRatioByVolume'),
    rate('short', 'shortMarginRatioByMoney', 'shortMarginRatioByVolume'),
  ],
  commissionRate: [
    rate('open', 'openRatioByMoney', 'openRatioByVolume'),
    rate('close', 'closeRatioByMoney', 'closeRatioByVolume'),
    rate('closeToday', 'closeTodayRatioByMoney', 'closeTodayRatioByVolume'),
  ],
  marginAggregation: [plain('method')],
  bigSideExclusion: [plain('countedAs')],
  combinationMargin: [plain('combinationKind'), plain('legMargin')],
};
const NUMBERS: ReadonlySet<string> = new Set(['volumeMultiple', 'priceTick', 'long', 'short', 'open', 'close', 'closeToday']);

type Props = { table: ReferenceParams['table']; rows: readonly ReferenceRowView[]; onOpen(rowId: string): void };

export function ReferenceTable({ table, rows, onOpen }: Props): ReactNode {
  const { t } = useTranslation('reference');
  const isRate = table === 'marginRate' || table === 'commissionRate';
  return (
    <div className="section-scroll">
      <table className="plain-table" data-testid={`reference-${table}`}>
        <TableHead
          headings={[
            t('column.about'),
            isRate && t('column.layer'),
            ...COLUMNS[table].map(({ name }) => (NUMBERS.has(name) ? figures(t(`column.${name}`)) : t(`column.${name}`))),
            t('column.source'),
            t('column.from'),
            t('column.citation'),
          ]}
        />
        <tbody>
          {rows.map((row) => (
            <ReferenceLine key={row.key} table={table} row={row} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type LineProps = { table: ReferenceParams['table']; row: ReferenceRowView; onOpen(rowId: string): void };

function ReferenceLine({ table, row, onOpen }: LineProps): ReactNode {
  const { t } = useTranslation('reference');
  const words = useReferenceWords();
  const { own, missing, isUnused } = row;
  const isRate = table === 'marginRate' || table === 'commissionRate';
  const label = placeText(row);
  const reason = missing.length === 0 ? null : `${row.feedId === null && row.productID === null ? 'noInstrument' : 'noMultiplier'}:${label}`;
  return (
    <tr
      data-testid="reference-row"
      data-key={row.key}
      data-own={own !== null}
      data-bundled={row.isBundled}
      data-unused={isUnused}
      data-missing={missing.join(' ')}
    >
      <td className="reference-whole">{label}</td>
      {isRate && (
        <td>
          {[row.layer, row.investorRange, row.hedgeFlag].map((word, at) => {
            const field = ['layer', 'investorRange', 'hedgeFlag'][at] ?? '';
            return word === null ? null : (
              <span key={field} className="reference-word">
                {words.value(field, word)}
              </span>
            );
          })}
          {row.investorID !== null && <span className="reference-word">{row.investorID}</span>}
          {row.figures.isRelative === true && <span className="reference-word">{words.field('isRelative')}</span>}
        </td>
      )}
      {COLUMNS[table].map(({ name, text }) => (
        <td key={name} className={NUMBERS.has(name) ? 'number' : ''}>
          {missing.includes(name) ? (
            <span className="reference-missing" data-testid="reference-missing">
              ? {t('missing')}
            </span>
          ) : (
            <span data-own={own?.fields.includes(name) ?? false} className="reference-figure">
              {text(row, words)}
            </span>
          )}
        </td>
      ))}
      <td>
        {row.feedId !== null && <span className={isUnused ? 'reference-unused' : ''}>{row.feedId} </span>}
        {row.isBundled && <span className={isUnused ? 'reference-unused' : ''}>{t('bundled')} </span>}
        {own !== null && (
          <button type="button" className="link-button reference-own" data-testid="reference-own" onClick={() => onOpen(own.rowId)}>
            {t(own.precedence === 'insteadOf' ? 'ownInstead' : 'own')}
          </button>
        )}
        {isUnused && <span className="secondary"> {t('unused')}</span>}
        <SupplyButton reason={reason} />
      </td>
      <Dated row={row} />
    </tr>
  );
}

/** A contract of the feed's has no day of its own; when it came stands there. */
function Dated({ row }: { row: ReferenceRowView }): ReactNode {
  const format = useFormat();
  const citationText = useCitationText();
  const { effectiveFrom, receivedAtMs, certainty, citation } = row;
  return (
    <>
      <td className="reference-whole">
        {effectiveFrom !== null ? (
          format.tradingDay(effectiveFrom)
        ) : receivedAtMs === null ? (
          '–'
        ) : (
          <span className="secondary">{format.dateTime(receivedAtMs)}</span>
        )}
      </td>
      <td>
        {certainty !== null && <CertaintyMark certainty={certainty} />} {citationText(citation)}
      </td>
    </>
  );
}
