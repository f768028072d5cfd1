// Between Electron's main process and the engine's. Data ports travel with `port`.
import type { Answer, EngineState, Request } from '../contract';

export type ToEngine =
  | { type: 'start'; project: string; connect: string[] }
  | { type: 'request'; id: number; request: Request }
  | { type: 'port' }
  | { type: 'stop' };

export type FromEngine =
  { type: 'state'; changed: Partial<EngineState> } | { type: 'answer'; id: number; answer: Answer };
