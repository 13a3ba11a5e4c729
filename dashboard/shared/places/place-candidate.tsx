/** A place that an address may mean, in a list of them. */
import type { PlaceMatch } from '@junkai/contracts';
import { useTexts } from '../i18n/index.ts';

export const matchKey = ({ place, name }: PlaceMatch): string => `${place.settlement ?? ''} ${place.location.join(' ')} ${name.ja}`;

export function PlaceCandidate({ match }: { match: PlaceMatch }) {
	const { t, language } = useTexts();
	const { name, municipality, how, stop } = match;
	const town = how === 'municipality' ? '' : municipality[language];
	return (
		<>
			<span className="place-name">{language === 'ja' ? `${town}${name.ja}` : `${name.en}${town === '' ? '' : `, ${town}`}`}</span>
			<small>
				{t(`intake.place.how.${how}`)}
				{stop !== null && ` · ${t('intake.place.stop', { stop })}`}
			</small>
		</>
	);
}
