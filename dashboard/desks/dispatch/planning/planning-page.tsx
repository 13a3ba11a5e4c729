import { useTexts } from '../../../shared/i18n/index.ts';

export default function PlanningPage() {
	const { t } = useTexts();
	return (
		<main className="room">
			<h1>{t('planning.title')}</h1>
		</main>
	);
}
