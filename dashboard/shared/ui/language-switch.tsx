import { languages, setLanguage, useTexts } from '../i18n/index.ts';

export function LanguageSwitch() {
	const { t, language } = useTexts();
	return (
		<div className="language-switch" role="group" aria-label={t('app.language')}>
			{languages.map(({ id, name }) => (
				<button key={id} type="button" lang={id} aria-pressed={id === language} onClick={() => void setLanguage(id)}>
					{name}
				</button>
			))}
		</div>
	);
}
