/** What surrounds sign-in and lock: the desk's name, language and theme, and that it is in trouble if it is; nothing of any client. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StatusPicture } from '#shared/contract/streams';
import { AppearanceSwitches } from '../../components/appearance-switches';
import { SEVERITIES, SeverityBadge } from '../../components/severity';
import './sign-in.css';

export function SignInFrame({ status, testId, children }: { status: StatusPicture | null; testId: string; children: ReactNode }): ReactNode {
  const { t } = useTranslation('people');
  return (
    <div className="sign-in" data-testid={testId}>
      <header className="sign-in-head">
        <strong>Floorwatch</strong>
        {status?.demonstration === true && <span className="status-demo">{t('status:demonstration')}</span>}
        <span className="spacer" />
        <AppearanceSwitches name="sign-in" />
      </header>
      <main className="sign-in-card card">{children}</main>
      {status !== null && (
        <footer className="sign-in-foot" role="status" data-testid="sign-in-alerts">
          <span className="secondary">{t('alertsWaiting')}</span>
          {SEVERITIES.map((severity) => (
            <span key={severity} data-testid={`sign-in-alerts-${severity}`} data-count={status.unacknowledged[severity]}>
              <SeverityBadge severity={severity} count={status.unacknowledged[severity]} />
            </span>
          ))}
        </footer>
      )}
    </div>
  );
}
