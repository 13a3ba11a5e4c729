/** What a change by hand brings about, in a few words: 「移動 +14分・2件が遅れます・田中医師の空き +6分」. */
import type { EditConsequence } from '@junkai/contracts';
import { formatDistance } from '../../../shared/i18n/format.ts';
import { signedMinutes } from '../timeline/words.ts';
import type { SentenceWords } from './sentences.ts';

/** Less than this is not worth a word, seconds and metres. */
const worth = { seconds: 60, metres: 500 };
/** So many doctors are named; the rest are counted. */
const mostNamed = 2;

export interface Said {
	text: string;
	/** It makes the plan worse: said in another colour, and with a sign. */
	worse: boolean;
}

export function consequenceWords(consequence: EditConsequence, { t, language, names }: SentenceWords): Said[] {
	const said: Said[] = [];
	const minutes = (seconds: number) => signedMinutes(seconds * 1000, language);
	const { travel, distance, waiting, shifted, doctors } = consequence;
	if (Math.abs(travel) >= worth.seconds)
		said.push({ text: t('planning.consequence.travel', { by: minutes(travel) }), worse: travel > 0 });
	if (Math.abs(distance) >= worth.metres) {
		const by = `${distance < 0 ? '−' : '+'}${formatDistance(Math.abs(distance))}`;
		said.push({ text: t('planning.consequence.distance', { by }), worse: distance > 0 });
	}
	if (Math.abs(waiting) >= worth.seconds)
		said.push({ text: t('planning.consequence.waiting', { by: minutes(waiting) }), worse: waiting > 0 });
	const later = shifted.filter(({ by }) => by > 0);
	const earlier = shifted.filter(({ by }) => by < 0);
	if (later.length > 0) said.push({ text: t('planning.consequence.later', { count: later.length }), worse: true });
	if (earlier.length > 0) said.push({ text: t('planning.consequence.earlier', { count: earlier.length }), worse: false });
	const gaps = doctors.filter(({ by }) => Math.abs(by) >= worth.seconds).toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by));
	for (const { doctor, by } of gaps.slice(0, mostNamed))
		said.push({ text: t('planning.consequence.doctor', { doctor: names.doctor(doctor), by: minutes(by) }), worse: by > 0 });
	if (gaps.length > mostNamed)
		said.push({ text: t('planning.consequence.doctors', { count: gaps.length - mostNamed }), worse: false });
	return said;
}
