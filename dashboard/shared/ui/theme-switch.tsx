import { useState } from 'react';
import { useTexts } from '../i18n/index.ts';
import { setTheme, storedTheme, themes, type Theme } from './theme.ts';

const words = { auto: 'app.themeAuto', light: 'app.themeLight', dark: 'app.themeDark' } as const;

export function ThemeSwitch() {
	const { t } = useTexts();
	const [theme, choose] = useState<Theme>(storedTheme);
	return (
		<select
			className="theme-switch"
			aria-label={t('app.theme')}
			value={theme}
			onChange={(event) => {
				const next = themes.find((x) => x === event.target.value) ?? 'auto';
				choose(next);
				setTheme(next);
			}}
		>
			{themes.map((x) => (
				<option key={x} value={x}>
					{t(words[x])}
				</option>
			))}
		</select>
	);
}
