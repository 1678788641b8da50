/** Whether emergency mode fills the screen, and with which run; without one it asks what has happened. */
import { create } from 'zustand';

type EmergencyState = { isOpen: boolean; runId: string | null; isMuted: boolean };

export const useEmergency = create<EmergencyState>()(() => ({ isOpen: false, runId: null, isMuted: false }));

export function openEmergency(runId: string | null = null): void {
  useEmergency.setState({ isOpen: true, runId });
}

export function closeEmergency(): void {
  useEmergency.setState({ isOpen: false, runId: null });
}

export function toggleMute(): void {
  useEmergency.setState(({ isMuted }) => ({ isMuted: !isMuted }));
}
