/** What an item is and how it stands, the same wherever it is listed. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ITEM_KINDS, type ItemFacts } from '#shared/desk/handovers/item';
import { itemText } from '#shared/desk/handovers/item-words';
import { useItemWords } from './item-words';

export function ItemHead({ facts, children }: { facts: ItemFacts; children?: ReactNode }): ReactNode {
  const { title, details } = itemText(facts, useItemWords());
  return (
    <div className="handover-head">
      <div className="handover-what">
        <strong>{title}</strong>
        <span className="secondary">{details.join(' · ')}</span>
      </div>
      {children}
    </div>
  );
}

/** Items under the name of their kind, in the order of the sheet. */
export function ItemGroups<Item extends { facts: ItemFacts; itemKey: string }>({
  items,
  children,
}: {
  items: readonly Item[];
  children: (item: Item) => ReactNode;
}): ReactNode {
  const { t } = useTranslation('handovers');
  return ITEM_KINDS.map((kind) => {
    const ofKind = items.filter(({ facts }) => facts.kind === kind);
    if (ofKind.length === 0) return null;
    return (
      <section key={kind} aria-label={t(`kind.${kind}`)}>
        <h4 className="handover-kind">
          {t(`kind.${kind}`)} <span className="secondary">{ofKind.length}</span>
        </h4>
        <ul className="handover-list">{ofKind.map((item) => children(item))}</ul>
      </section>
    );
  });
}
