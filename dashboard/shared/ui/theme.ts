/** Light, dark, or as the system has it; remembered in this browser. */
export type Theme = 'auto' | 'light' | 'dark';
export const themes: readonly Theme[] = ['auto', 'light', 'dark'];
const key = 'junkai.theme';
const changed = new EventTarget();
const system = matchMedia('(prefers-color-scheme: dark)');

export function storedTheme(): Theme {
	const stored = localStorage.getItem(key);
	return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

/** What is in effect now. */
export function currentScheme(): 'light' | 'dark' {
	const theme = storedTheme();
	return theme === 'auto' ? (system.matches ? 'dark' : 'light') : theme;
}

export function applyTheme(): void {
	document.documentElement.dataset['theme'] = currentScheme();
	changed.dispatchEvent(new Event('change'));
}

export function setTheme(theme: Theme): void {
	localStorage.setItem(key, theme);
	applyTheme();
}

export function onSchemeChange(listener: () => void): () => void {
	changed.addEventListener('change', listener);
	return () => changed.removeEventListener('change', listener);
}

system.addEventListener('change', applyTheme);
