import { useTexts } from '../../../shared/i18n/index.ts';

export default function IntakePage() {
	const { t } = useTexts();
	return (
		<main className="room">
			<h1>{t('intake.title')}</h1>
		</main>
	);
}
