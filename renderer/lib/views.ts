// The views of the window, in the order of the rail, and how the address names them.

export const viewNames = ['overview', 'devices', 'data', 'train', 'plan', 'deploy', 'settings'] as const;
export type ViewName = (typeof viewNames)[number];

/** `#train` → `train`; anything else is the overview. */
export function viewOf(hash: string): ViewName {
  const name = hash.replace(/^#/, '');
  return viewNames.find((view) => view === name) ?? 'overview';
}

/** Ctrl+1…6 (⌘ on a Mac) and Ctrl+comma for the settings. */
export function viewOfKey(key: string): ViewName | null {
  if (key === ',') return 'settings';
  const number = Number(key);
  return number >= 1 && number <= 6 ? (viewNames[number - 1] ?? null) : null;
}
