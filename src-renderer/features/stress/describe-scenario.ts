/** What a scenario does, in one line of the page's language. */
import type { TFunction } from 'i18next';
import type { Scenario } from '#shared/market/what-if/scenario';
import type { Formatters } from '../../components/format/formatters';

export function describeScenario(
  scenario: Pick<Scenario, 'price' | 'marginOverrides' | 'cash' | 'closes'>,
  t: TFunction,
  format: Formatters,
): string {
  const { price } = scenario;
  const percent = (value: number): string => `${format.signed(value, 2).replace(/\.00$/, '')}%`;
  const parts: string[] = [];
  if (price.type === 'percent') parts.push(t('stress:says.percent', { percent: percent(price.percent) }));
  else if (price.type === 'lockedLimit') {
    parts.push(t(`stress:says.locked.${price.direction}`, { days: price.days }));
    const widening = price.widening ?? 'none';
    if (widening !== 'none') parts.push(t(`stress:says.widening.${typeof widening === 'string' ? 'exchange' : 'own'}`));
  } else if (price.type === 'custom') {
    const shown = price.moves.slice(0, 3).map((move) => {
      const name = [move.exchangeID, move.productID, move.instrumentID].filter((part) => part !== undefined).join('.');
      return `${name === '' ? t('stress:says.everything') : name} ${percent(move.percent)}`;
    });
    parts.push(price.moves.length > 3 ? t('stress:says.andMore', { list: shown.join(', '), count: price.moves.length - 3 }) : shown.join(', '));
  } else parts.push(t(`stress:price.${price.type}`));
  for (const row of scenario.marginOverrides) {
    const name = [row.exchangeID, row.productID].filter((part) => part !== undefined).join('.');
    parts.push(
      t('stress:says.margin', {
        layer: t(`stress:layer.${row.layer}`),
        of: name === '' ? t('stress:says.everything') : name,
        points: format.signed(row.addedRateByMoney * 100, 2).replace(/\.00$/, ''),
      }),
    );
  }
  if (scenario.cash.length > 0) parts.push(t('stress:says.cash', { count: scenario.cash.length }));
  if (scenario.closes.length > 0) parts.push(t('stress:says.closes', { count: scenario.closes.length }));
  return parts.join(' · ');
}
