/** First-run set-up: the first administrator, and the recovery codes that are shown this once. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { EntryField } from '../../components/entry-field';
import { FormDialog } from '../../components/form-dialog';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction } from '../../state/use-stream';
import { NewSecret, useNewSecret } from './new-secret';
import { OnceCodes } from './once-codes';
import { secretAdvice } from './secret-advice';

/** Outside the workspace, which begins anew when the first administrator is signed in: the codes must outlive that. */
export const useClaim = create<{ isOpen: boolean; open(): void; close(): void }>()((set) => ({
  isOpen: false,
  open: () => set({ isOpen: true }),
  close: () => set({ isOpen: false }),
}));

const CLAIM_TIMEOUT_MS = 60_000;

export function ClaimDialog(): ReactNode {
  const { isOpen, close } = useClaim();
  return isOpen ? <OpenClaimDialog onClose={close} /> : null;
}

function OpenClaimDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [login, setLogin] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [codes, setCodes] = useState<string[] | null>(null);
  const secret = useNewSecret([login, displayName]);
  const { run, refusal, isWaiting } = useAction('people.claim');
  const isReady = login.trim() !== '' && displayName.trim() !== '' && secret.isReady;
  const submit = async (): Promise<void> => {
    const answer = await run({ login, displayName, secret: secret.value }, CLAIM_TIMEOUT_MS);
    if (answer !== null) setCodes(answer.recoveryCodes);
  };
  if (codes !== null) return <OnceCodes title={t('codesTitle')} meaning={t('codesMeaning')} codes={codes} onClose={onClose} />;
  return (
    <FormDialog
      title={t('claimTitle')}
      confirm={t('claim')}
      isReady={isReady}
      isWaiting={isWaiting}
      testId="claim-form"
      confirmTestId="claim-submit"
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{t('claimMeaning')}</p>
      <EntryField label={t('displayName')} autoFocus maxLength={64} value={displayName} testId="claim-name" onValueChange={setDisplayName} />
      <EntryField
        label={t('login')}
        help={t('loginHelp')}
        autoComplete="off"
        maxLength={32}
        value={login}
        testId="claim-login"
        onValueChange={setLogin}
      />
      <NewSecret secret={secret} />
      <RefusalNotice refusal={refusal} action={t('claim')} advice={secretAdvice(t, refusal)} />
    </FormDialog>
  );
}
