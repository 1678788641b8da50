/** How sure a rule, rate or threshold is, in a word. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Certainty } from '#shared/feed/items';

export function CertaintyMark({ certainty, title }: { certainty: Certainty; title?: string }): ReactNode {
  const { t } = useTranslation('explain');
  return (
    <span className="certainty" data-certainty={certainty} title={title}>
      {t(`certainty.${certainty}`)}
    </span>
  );
}
