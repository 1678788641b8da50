/** The proof of one entry: what it is proved against, and the text that `desk verify` takes. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { copyText } from '../../components/copy-text';

export type Proved = RequestAnswer<'audit.prove'>;

export function ProofView({ proved }: { proved: Proved }): ReactNode {
  const { t } = useTranslation('audit');
  const { proof, fingerprint } = proved;
  const text = JSON.stringify(proof);
  return (
    <section className="stack" data-testid="audit-proof" data-fingerprint={fingerprint}>
      <div>{t('proof.says', { size: proof.size, hashes: proof.path.length, fingerprint })}</div>
      <div className="secondary">{t('proof.how')}</div>
      <div>
        <Button size="small" onClick={() => copyText(text)} data-testid="audit-proof-copy">
          {t('proof.copy')}
        </Button>
      </div>
      <pre className="audit-proof mono">{text}</pre>
    </section>
  );
}
