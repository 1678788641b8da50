/** A second person confirms one command at this screen, by their own name and secret; who is signed in stays signed in. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer, RequestName, RequestPayload } from '#shared/contract/requests';
import { canonicalJson } from '#shared/journal/canonical';
import type { Outcome, Refusal } from '#shared/refusal';
import { request, useStream } from '../state/use-stream';
import { FormDialog } from './form-dialog';
import { RefusalNotice } from './refusal-notice';
import { SecretField } from './secret-field';
import { SelectField } from './select';

type Props<Name extends RequestName> = {
  /** The command as it will be sent, without the confirmation; null closes the dialog. */
  command: { name: Name; payload: RequestPayload<Name> } | null;
  title: string;
  /** What the second person agrees to, in words they can check. */
  children?: ReactNode;
  /** What the command answered. */
  onDone(answer: RequestAnswer<Name>): void;
  onClose(): void;
};

/** Confirms and then sends the command with the confirmation, so that nothing can come between what was agreed to and what is done. */
export function SecondPersonDialog<Name extends RequestName>({ command, title, children, onDone, onClose }: Props<Name>): ReactNode {
  const { t } = useTranslation('confirm');
  const { picture } = useStream('auth', {});
  const [chosen, setLogin] = useState('');
  const [secret, setSecret] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const others = (picture?.people ?? []).filter(({ personId }) => personId !== picture?.session?.personId);
  // Whoever confirmed last stands ready to do it again; the secret is asked for every time.
  const login = others.some((person) => person.login === chosen) ? chosen : '';
  const published = others.find((person) => person.login === login)?.published ?? null;
  const close = (): void => {
    setSecret('');
    setRefusal(null);
    onClose();
  };
  const submit = async (): Promise<void> => {
    if (command === null) return;
    setIsWaiting(true);
    const outcome = await confirmAndSend(command, login, secret);
    setIsWaiting(false);
    setSecret('');
    setRefusal(outcome.ok ? null : outcome);
    if (outcome.ok) onDone(outcome.value);
  };
  return (
    <FormDialog
      isOpen={command !== null}
      title={title}
      confirm={t('confirm')}
      isReady={login !== '' && secret !== ''}
      isWaiting={isWaiting}
      testId="second-person"
      onSubmit={submit}
      onClose={close}
    >
      {children}
      <p className="secondary">{t('meaning')}</p>
      <SelectField
        label={t('who')}
        fill
        autoFocus={login === ''}
        options={[
          { value: '', label: t('choose') },
          ...others.map((person) => ({ value: person.login, label: `${person.displayName} (${person.login})` })),
        ]}
        value={login}
        testId="second-person-login"
        onValueChange={setLogin}
      />
      <SecretField
        label={t('secret')}
        help={published === null ? undefined : t('published', { secret: published.secret })}
        autoFocus={login !== ''}
        value={secret}
        testId="second-person-secret"
        onValueChange={setSecret}
      />
      <RefusalNotice refusal={refusal} action={title} />
    </FormDialog>
  );
}

async function confirmAndSend<Name extends RequestName>(
  { name, payload }: { name: Name; payload: RequestPayload<Name> },
  login: string,
  secret: string,
): Promise<Outcome<RequestAnswer<Name>>> {
  const confirmed = await request('auth.confirm', { login, secret, about: { request: name, payloadHash: await sha256Hex(canonicalJson(payload)) } });
  if (!confirmed.ok) return confirmed;
  return request(name, { ...payload, confirmationId: confirmed.value.confirmationId });
}

async function sha256Hex(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
