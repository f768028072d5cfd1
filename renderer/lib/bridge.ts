// The page's only way out: `window.lepton`, put there by the preload script.
import type { LeptonBridge } from '../../main/contract';

declare global {
  interface Window {
    lepton?: LeptonBridge;
  }
}

export function bridgeOfThisWindow(): LeptonBridge {
  if (!window.lepton) throw new Error('This page runs inside Lepton Point only: window.lepton is absent.');
  return window.lepton;
}
