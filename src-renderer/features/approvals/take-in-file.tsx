/** Takes in a file from another desk, whichever it is: an approval to be decided here, or a decision that comes back. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Approval } from '#shared/desk/approvals/approval';
import type { ForeignApproval } from '#shared/desk/approvals/carried';
import { LARGEST_LETTER_CHARACTERS } from '#shared/desk/devices/letter';
import { type Refusal, refuse } from '#shared/refusal';
import { FileChoice } from '../../components/file-choice';
import { RefusalNotice } from '../../components/refusal-notice';
import { request } from '../../state/use-stream';

/** Fields by which a file is refused that people can do something about; each has words of its own. */
const WORDS: ReadonlySet<string> = new Set([
  'text',
  'what',
  'mode',
  'to',
  'from',
  'signed',
  'sealed',
  'carryId',
  'approvalId',
  'stageId',
  'personId',
  'signature',
  'payloadHash',
  'contextHash',
  'decidedAtMs',
  'expiresAtMs',
]);

/** An approval of this desk that came back, or one of another desk. */
type Taken = { broughtBack: Approval } | { foreign: ForeignApproval };

export function TakeInFile({ onTaken }: { onTaken: (taken: Taken) => void }): ReactNode {
  const { t } = useTranslation('approvals');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const take = async (file: File): Promise<void> => {
    setIsWaiting(true);
    setRefusal(await takeIn(file, onTaken));
    setIsWaiting(false);
  };
  return (
    <>
      <FileChoice
        text={t('takeIn.button')}
        accept=".json"
        testId="approvals-take-in"
        inputTestId="approvals-take-in-file"
        isWaiting={isWaiting}
        onFile={(file) => void take(file)}
      />
      {refusal !== null && (
        <div className="approval-ended take-in-refused" data-testid="approvals-take-in-refused" data-field={refusal.field ?? ''}>
          <strong>{t('takeIn.refused')}</strong>
          {refusal.field !== undefined && WORDS.has(refusal.field) && <div>{t(`takeIn.because.${refusal.field}`)}</div>}
          <RefusalNotice refusal={refusal} action={t('takeIn.button')} />
          <Button size="small" onClick={() => setRefusal(null)}>
            {t('app:close')}
          </Button>
        </div>
      )}
    </>
  );
}

/** Which of the two it is stands in the file's clear head; the engine asks it again. */
async function takeIn(file: File, onTaken: (taken: Taken) => void): Promise<Refusal | null> {
  if (file.size > LARGEST_LETTER_CHARACTERS) return refuse('INVALID', 'text: is larger than any such file', 'text');
  const text = await file.text();
  if (text === '') return refuse('INVALID', 'text: is empty', 'text');
  if (isDecision(text)) {
    const outcome = await request('approval.bringBack', { text });
    if (outcome.ok) onTaken({ broughtBack: outcome.value.approval });
    return outcome.ok ? null : outcome;
  }
  const outcome = await request('foreign.take', { text });
  if (outcome.ok) onTaken({ foreign: outcome.value.foreign });
  return outcome.ok ? null : outcome;
}

function isDecision(text: string): boolean {
  try {
    return (JSON.parse(text) as { what?: unknown } | null)?.what === 'decision';
  } catch {
    return false;
  }
}
