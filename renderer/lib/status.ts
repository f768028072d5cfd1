// How a device or a recording stands, as the level of its mark and as a word.
import type { DeviceView, RecordingView } from '../../main/contract';
import { m } from '../paraglide/messages.js';

export type Level = 'good' | 'warn' | 'bad' | 'busy' | 'info';

export function levelOf(device: DeviceView): Level {
  switch (device.status) {
    case 'connecting':
      return 'busy';
    case 'streaming':
      return device.losses.total > 0 ? 'warn' : 'good';
    case 'lost':
      return 'warn';
    case 'failed':
      return 'bad';
    default:
      return device.status satisfies never;
  }
}

export function statusWord(device: DeviceView): string {
  switch (device.status) {
    case 'connecting':
      return m.status_connecting();
    case 'streaming':
      return m.status_streaming();
    case 'lost':
      return m.status_lost();
    case 'failed':
      return m.status_failed();
    default:
      return device.status satisfies never;
  }
}

export function recordingState(recording: RecordingView): string {
  switch (recording.state) {
    case 'recording':
      return m.recording_state_recording();
    case 'complete':
      return m.recording_state_complete();
    case 'interrupted':
      return m.recording_state_interrupted();
    case 'deleted':
      return m.recording_state_deleted();
    default:
      return recording.state satisfies never;
  }
}
