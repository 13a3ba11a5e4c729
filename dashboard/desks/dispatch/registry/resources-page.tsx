import { useTexts } from '../../../shared/i18n/index.ts';

export default function ResourcesPage() {
	const { t } = useTexts();
	return (
		<main className="room">
			<h1>{t('registry.title')}</h1>
		</main>
	);
}
