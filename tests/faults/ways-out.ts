/** Ways out of a desk, set up as a person would who wants everything to leave at once. */
import process from 'node:process';
import type { Channel, DeliverySettings } from '#shared/desk/delivery/channel';

const base = {
  name: 'Operations',
  isEnabled: true,
  roles: ['desk', 'second', 'dutyManager', 'executive'] as Channel['roles'],
  minSeverity: 'low' as const,
  tellsAllClear: true,
  quietHours: null,
  language: 'en' as const,
};

type Ends = { webUrl: string; mailPort: number; commandFile: string };

/** The command leaves a file where it ran. */
export function channelTo(type: Channel['type'], { webUrl, mailPort, commandFile }: Ends): Channel {
  if (type === 'webhook') return { ...base, channelId: 'web', type, url: webUrl };
  if (type === 'command') {
    const program = `require('fs').writeFileSync(${JSON.stringify(commandFile)},'')`;
    return { ...base, channelId: 'cmd', type, path: process.execPath, args: ['-e', program] };
  }
  const to = ['duty@example.com'];
  return { ...base, channelId: 'mail', type, host: '127.0.0.1', port: mailPort, security: 'none', user: '', from: 'desk@example.com', to };
}

export function settingsWith(channels: Channel[]): DeliverySettings {
  return {
    channels,
    sound: { isOn: true, minSeverity: 'low', volume: 1 },
    desktop: { isOn: true, minSeverity: 'low' },
    flash: { isOn: true, minSeverity: 'low' },
  };
}
