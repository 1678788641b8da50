/** Whose accounts a role reaches, in words. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reach } from '#shared/desk/people/person';

export function ReachText({ reach }: { reach: Reach }): ReactNode {
  const { t } = useTranslation('people');
  if (reach === 'firm') return <span>{t('reachFirm')}</span>;
  const parts = [
    reach.departments.length > 0 ? t('reachDepartments', { names: reach.departments.join(', ') }) : '',
    reach.controlGroups.length > 0 ? t('reachGroups', { names: reach.controlGroups.join(', ') }) : '',
  ];
  return <span>{parts.filter(Boolean).join('; ')}</span>;
}
