// Light or dark: the system's choice, or the person's. Writes data-theme, which tokens.css reads.

export type ThemeChoice = 'system' | 'light' | 'dark';

const key = 'lepton.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');

class Theme {
  #choice = $state<ThemeChoice>(stored());
  #systemDark = $state(dark.matches);
  readonly shown = $derived(this.#choice === 'system' ? (this.#systemDark ? 'dark' : 'light') : this.#choice);

  constructor() {
    dark.addEventListener('change', (event) => {
      this.#systemDark = event.matches;
      this.#apply();
    });
    this.#apply();
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  set choice(choice: ThemeChoice) {
    this.#choice = choice;
    localStorage.setItem(key, choice);
    this.#apply();
  }

  #apply(): void {
    document.documentElement.dataset.theme = this.shown;
  }
}

function stored(): ThemeChoice {
  const value = localStorage.getItem(key);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export const theme = new Theme();
