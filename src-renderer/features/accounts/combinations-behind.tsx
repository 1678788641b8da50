/** On an account's page: that its margin is reckoned with declared combinations, and whether by a rule that nobody has confirmed. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExplainedField } from '#shared/contract/numbers-account';
import type { AccountPicture } from '#shared/contract/streams';

type Props = { combinations: AccountPicture['combinations']; onExplain(field: ExplainedField): void };

export function CombinationsBehind({ combinations: { count, unconfirmed }, onExplain }: Props): ReactNode {
  const { t } = useTranslation('accounts');
  if (count === 0) return null;
  return (
    <button
      type="button"
      className={`link-button account-combinations${unconfirmed > 0 ? ' account-combinations-unconfirmed' : ''}`}
      data-testid="account-combinations"
      data-count={count}
      data-unconfirmed={unconfirmed}
      title={t('combinationsHint')}
      onClick={() => onExplain('currMargin')}
    >
      {t('combinations', { count })}
      {unconfirmed > 0 && ` · ${t('combinationsUnconfirmed')}`}
    </button>
  );
}
