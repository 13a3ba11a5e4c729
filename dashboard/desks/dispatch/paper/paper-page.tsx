import { useTexts } from '../../../shared/i18n/index.ts';

export default function PaperPage() {
	const { t } = useTexts();
	return (
		<main className="room">
			<h1>{t('paper.title')}</h1>
		</main>
	);
}
