/** The two languages: chosen by the browser at first, by the person from then on. */
import { createInstance, type i18n as I18n } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en } from './en.ts';
import type { Language } from './format.ts';
import { ja } from './ja.ts';

declare module 'i18next' {
	interface CustomTypeOptions {
		defaultNS: 'translation';
		resources: { translation: typeof en };
	}
}

export const languages: readonly { id: Language; name: string }[] = [
	{ id: 'ja', name: '日本語' },
	{ id: 'en', name: 'English' },
];

const key = 'junkai.language';

function initial(): Language {
	const stored = localStorage.getItem(key);
	if (stored === 'ja' || stored === 'en') return stored;
	return navigator.languages.some((l) => l.toLowerCase().startsWith('ja')) ? 'ja' : 'en';
}

export const i18n: I18n = createInstance();

/** Must have ended before the first page is drawn. */
export async function startI18n(): Promise<void> {
	await i18n.use(initReactI18next).init({
		lng: initial(),
		fallbackLng: 'en',
		resources: { ja: { translation: ja }, en: { translation: en } },
		interpolation: { escapeValue: false },
	});
	document.documentElement.lang = i18n.language;
}

export async function setLanguage(language: Language): Promise<void> {
	localStorage.setItem(key, language);
	await i18n.changeLanguage(language);
	document.documentElement.lang = language;
}

/** Texts and the language they are in. */
export function useTexts() {
	const { t, i18n: current } = useTranslation();
	const language: Language = current.language === 'en' ? 'en' : 'ja';
	return { t, language };
}
