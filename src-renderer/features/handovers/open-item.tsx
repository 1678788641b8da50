/** One open item as whoever leaves marks it: how it stands, and what to do if it turns. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HandoverItem } from '#shared/contract/handovers';
import { ITEM_LEVELS, type ItemLevel } from '#shared/desk/handovers/item';
import { Choice } from '../../components/choice';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction } from '../../state/use-stream';
import { ItemHead } from './item-head';

/** A mark takes effect at once where it needs no words; watch and act wait for theirs. */
export function OpenItem({ item }: { item: HandoverItem }): ReactNode {
  const { t } = useTranslation('handovers');
  const field = useId();
  const { itemKey, facts, mark, isPressing } = item;
  const [chosen, setChosen] = useState<ItemLevel | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const marking = useAction('handover.mark');
  const striking = useAction('handover.strike');
  const level = chosen ?? mark?.level ?? null;
  const ifThen = typed ?? mark?.ifThen ?? '';
  const asksForWords = level === 'watch' || level === 'act';
  const isKept = level === (mark?.level ?? null) && ifThen.trim() === (mark?.ifThen ?? '');
  const save = async (to: ItemLevel, words: string): Promise<void> => {
    if ((await marking.run({ itemKey, level: to, ifThen: words.trim() })) === null) return;
    setChosen(null);
    setTyped(null);
  };
  const choose = (to: ItemLevel): void => {
    setChosen(to);
    if (to === 'stable' || ifThen.trim() !== '') void save(to, to === 'stable' ? '' : ifThen);
  };
  return (
    <li
      className="handover-item"
      data-testid="handover-item"
      data-key={itemKey}
      data-kind={facts.kind}
      data-level={mark?.level ?? 'none'}
      data-pressing={isPressing}
    >
      <ItemHead facts={facts}>
        {isPressing && <span className="handover-must">▲ {t('mustMark')}</span>}
        <Choice
          label={t('levelLabel')}
          name="handover-level"
          values={ITEM_LEVELS}
          chosen={level}
          text={(each) => t(`level.${each}`)}
          onChoose={choose}
        />
        {facts.kind === 'note' && (
          <Button size="small" data-testid="handover-strike" onClick={() => void striking.run({ noteId: facts.noteId })}>
            {t('strike')}
          </Button>
        )}
      </ItemHead>
      {asksForWords && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (ifThen.trim() !== '' && level !== null) void save(level, ifThen);
          }}
        >
          <label htmlFor={field} className="secondary">
            {t('ifThen')}
          </label>
          <InputGroup
            id={field}
            className="handover-words"
            size="small"
            maxLength={1000}
            value={ifThen}
            intent={ifThen.trim() === '' ? 'warning' : 'none'}
            placeholder={t('ifThenNeeded')}
            data-testid="handover-if-then"
            onValueChange={setTyped}
          />
          <Button type="submit" size="small" disabled={isKept || ifThen.trim() === ''} loading={marking.isWaiting} data-testid="handover-keep">
            {t('keep')}
          </Button>
        </form>
      )}
      <RefusalNotice refusal={marking.refusal ?? striking.refusal} action={t('levelLabel')} />
    </li>
  );
}
