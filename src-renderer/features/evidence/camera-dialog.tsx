/** Takes a photograph with this machine's camera as evidence: a screen that cannot be copied, a panel in the machine room, a paper. Nothing is kept before somebody says so. */
import { Button, Dialog, DialogBody, DialogFooter } from '@blueprintjs/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '#shared/refusal';
import { RefusalNotice } from '../../components/refusal-notice';
import './evidence.css';

type Props = {
  /** Keeps the picture; a refusal is shown and the picture stays. */
  onTaken(picture: File): Promise<Refusal | null>;
  onClose(): void;
};

/** Full letters on a photographed screen stay readable; a larger picture only takes longer to keep. */
const WANTED = { width: { ideal: 1920 }, height: { ideal: 1080 } };
const JPEG_QUALITY = 0.9;
const FAULTS: Readonly<Record<string, 'refused' | 'none' | 'busy'>> = { NotAllowedError: 'refused', NotFoundError: 'none', NotReadableError: 'busy' };

export function CameraDialog({ onTaken, onClose }: Props): ReactNode {
  const { t } = useTranslation('evidence');
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'opening' | 'looking' | 'taken' | 'refused' | 'none' | 'busy'>('opening');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const camera = useCamera();
  useEffect(() => {
    if (camera.fault !== null) setState(camera.fault);
    else if (camera.stream !== null) setState((before) => (before === 'opening' ? 'looking' : before));
  }, [camera]);
  useEffect(() => {
    if (video.current !== null && state === 'looking') video.current.srcObject = camera.stream;
  }, [camera.stream, state]);
  const take = (): void => {
    const [from, to] = [video.current, still.current];
    if (from === null || to === null || from.videoWidth === 0) return;
    to.width = from.videoWidth;
    to.height = from.videoHeight;
    to.getContext('2d')?.drawImage(from, 0, 0);
    setState('taken');
  };
  const keep = async (): Promise<void> => {
    const blob = await new Promise<Blob | null>((resolve) => still.current?.toBlob(resolve, 'image/jpeg', JPEG_QUALITY));
    if (blob === null) return;
    setIsWaiting(true);
    const refused = await onTaken(new File([blob], fileName(new Date()), { type: 'image/jpeg' }));
    setIsWaiting(false);
    setRefusal(refused);
    if (refused === null) onClose();
  };
  const hasCamera = state === 'opening' || state === 'looking' || state === 'taken';
  return (
    <Dialog isOpen title={t('camera.title')} onClose={onClose} className="camera-dialog">
      <form
        data-testid="camera"
        data-state={state}
        onSubmit={(event) => {
          event.preventDefault();
          if (state === 'looking') take();
          else if (state === 'taken' && !isWaiting) void keep();
        }}
      >
        <DialogBody>
          {!hasCamera && (
            <p role="alert" data-testid="camera-fault">
              ▲ {t(`camera.${state}`)}
            </p>
          )}
          <video ref={video} className="camera-picture" hidden={state !== 'looking'} autoPlay muted playsInline aria-label={t('camera.sees')} />
          <canvas ref={still} className="camera-picture" hidden={state !== 'taken'} aria-label={t('camera.taken')} />
          {state === 'opening' && <p className="secondary">{t('camera.opening')}</p>}
          <RefusalNotice refusal={refusal} action={t('add')} />
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button onClick={onClose}>{t('close')}</Button>
              {state === 'taken' && (
                <Button data-testid="camera-again" onClick={() => setState('looking')}>
                  {t('camera.again')}
                </Button>
              )}
              {hasCamera && (
                <Button
                  key={state}
                  type="submit"
                  autoFocus
                  intent="primary"
                  disabled={state === 'opening'}
                  loading={isWaiting}
                  data-testid={state === 'taken' ? 'camera-keep' : 'camera-take'}
                >
                  {t(state === 'taken' ? 'camera.keep' : 'camera.take')}
                </Button>
              )}
            </>
          }
        >
          {t('camera.meaning')}
        </DialogFooter>
      </form>
    </Dialog>
  );
}

/** Opens the camera while the dialog is there and lets go of it with the dialog: its light goes out. */
function useCamera(): { stream: MediaStream | null; fault: 'refused' | 'none' | 'busy' | null } {
  const [camera, setCamera] = useState<ReturnType<typeof useCamera>>({ stream: null, fault: null });
  useEffect(() => {
    let stream: MediaStream | null = null;
    let hasEnded = false;
    const end = (opened: MediaStream): void => {
      for (const track of opened.getTracks()) track.stop();
    };
    void navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false }).then(
      (opened) => {
        if (hasEnded) {
          end(opened);
          return;
        }
        stream = opened;
        setCamera({ stream: opened, fault: null });
      },
      (error: unknown) => {
        if (!hasEnded) setCamera({ stream: null, fault: FAULTS[error instanceof DOMException ? error.name : ''] ?? 'busy' });
      },
    );
    return () => {
      hasEnded = true;
      if (stream !== null) end(stream);
    };
  }, []);
  return camera;
}

function fileName(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `photo-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.jpg`;
}
