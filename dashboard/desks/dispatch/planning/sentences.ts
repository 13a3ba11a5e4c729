/** Why a visit is in no route, and what would let it in, as a dispatcher would say it. */
import type { Blocking, EditConsequence, UnassignedReason } from '@junkai/contracts';
import type { TFunction } from 'i18next';
import { formatCount, formatDistance, formatDuration, formatTime, type Language } from '../../../shared/i18n/format.ts';
import type { PlanNames } from './use-names.ts';

export interface SentenceWords {
	t: TFunction;
	language: Language;
	names: Pick<PlanNames, 'vehicle' | 'doctor' | 'person'>;
	/** `11月24日(火)`; empty when all is about one day. */
	day: (date: string) => string;
}

/** Rules that are about when and where: for them the van that is nearest says most. */
const aboutTheWay: readonly Blocking['rule'][] = [
	'skills',
	'vehicles',
	'time_window',
	'vehicle_hours',
	'max_travel_time',
	'max_duration',
];

/** Rules that have a figure by which they are missed. */
const measured = [
	'doctor_hours',
	'doctor_busy',
	'time_window',
	'vehicle_hours',
	'break',
	'load',
	'max_tasks',
	'max_travel_time',
	'max_distance',
	'max_duration',
	'driving_limit',
	'max_trips',
	'series',
] as const;
const measuredRule = (rule: Blocking['rule']) => measured.find((one) => one === rule);

/** A figure with its unit; rounded up, for what is promised must be enough. */
export function amount(
	{ by, unit }: Pick<Blocking, 'by' | 'unit'>,
	{ t, language }: Pick<SentenceWords, 't' | 'language'>,
): string | null {
	if (by === undefined || by <= 0) return null;
	switch (unit) {
		case 's':
			return formatDuration(Math.ceil(by / 60) * 60_000, language);
		case 'm':
			return formatDistance(by);
		case 'tasks':
			return t('planning.amount.tasks', { count: Math.ceil(by) });
		case 'days':
			return t('planning.amount.days', { count: Math.ceil(by) });
		case 'trips':
			return t('planning.amount.trips', { count: Math.ceil(by) });
		case 'units':
			return formatCount(Math.ceil(by));
		case undefined:
			return null;
	}
}

/** Sentences in their order: what is needed, what is there, what keeps it out, what would help. */
export interface Explanation {
	why: string[];
	/** Null when no single change would do. */
	remedy: string | null;
}

export function explain(reason: UnassignedReason, words: SentenceWords): Explanation {
	const { t } = words;
	if (reason.withheld !== null)
		return { why: [t(`planning.withheld.${reason.withheld}`)], remedy: t(`planning.withheldRemedy.${reason.withheld}`) };
	const { blocking, remedy } = reason;
	if (blocking === null) return { why: [t('planning.why.unknown')], remedy: remedySentence(reason, words) };
	const idle = blocking.rule === 'priority' && remedy?.rule === 'priority';
	const why = [
		...(aboutTheWay.includes(blocking.rule) ? needSentences(reason, words) : []),
		idle ? t('planning.why.notFound') : whySentence(reason, blocking, words),
	];
	return { why: [...new Set(why)], remedy: idle ? idleSentence(reason, words) : remedySentence(reason, words) };
}

/** 「心電計を積んだ車が11:00までに必要です。最寄りは3号車で、移動に94分かかります。」 */
function needSentences({ equipment, before, nearest }: UnassignedReason, words: SentenceWords): string[] {
	const { t, names, day } = words;
	const kit = equipmentWords(equipment, words);
	const time = before === null ? null : formatTime(before);
	const sentences = [];
	if (kit !== null) sentences.push(time === null ? t('planning.need.kit', { kit }) : t('planning.need.kitBefore', { kit, time }));
	else if (time !== null) sentences.push(t('planning.need.before', { time }));
	if (nearest !== null) {
		const vehicle = names.vehicle(nearest.vehicle);
		const minutes = Math.ceil(nearest.minutes);
		const date = day(nearest.date);
		sentences.push(
			date === '' ? t('planning.need.nearest', { vehicle, minutes }) : t('planning.need.nearestOn', { vehicle, minutes, date }),
		);
	} else if (kit !== null) sentences.push(t('planning.need.nobody', { kit }));
	return sentences;
}

export function equipmentWords(equipment: readonly string[], { t }: Pick<SentenceWords, 't'>): string | null {
	const known = ['ecg', 'ultrasound', 'x-ray', 'spirometer', 'blood-analyser', 'wheelchair-lift'] as const;
	const said = equipment.map((kind) => {
		const found = known.find((one) => one === kind);
		return found === undefined ? kind : t(`planning.equipment.${found}`);
	});
	return said.length === 0 ? null : said.join(t('planning.and'));
}

const doctorIn = ({ doctor }: Blocking, { t, names }: SentenceWords): string =>
	doctor === undefined ? t('planning.someDoctor') : names.doctor(doctor);

function specialtyIn({ specialty }: UnassignedReason, { t }: SentenceWords): string {
	return specialty === null ? t('planning.anySpecialty') : t(`planning.specialty.${specialty}`);
}

function whySentence(reason: UnassignedReason, blocking: Blocking, words: SentenceWords): string {
	const { t, names } = words;
	const by = amount(blocking, words);
	const { rule } = blocking;
	const figured = measuredRule(rule);
	const blanks = {
		vehicle: reason.blockingVan === null ? t('planning.anyVan') : names.vehicle(reason.blockingVan.vehicle),
		doctor: doctorIn(blocking, words),
		specialty: specialtyIn(reason, words),
		kit: equipmentWords(reason.equipment, words) ?? t('planning.someKit'),
	};
	return by === null || figured === undefined
		? t(`planning.why.plain.${rule}`, blanks)
		: t(`planning.why.by.${figured}`, { ...blanks, by });
}

function remedySentence(reason: UnassignedReason, words: SentenceWords): string | null {
	const { remedy, remedyVan } = reason;
	if (remedy === null) return null;
	const { t, names, day } = words;
	const by = amount(remedy, words);
	const figured = measuredRule(remedy.rule);
	const date = remedyVan === null ? '' : day(remedyVan.date);
	const van = remedyVan === null ? t('planning.someVan') : names.vehicle(remedyVan.vehicle);
	const blanks = {
		vehicle: date === '' ? van : t('planning.vanOn', { vehicle: van, date }),
		doctor: doctorIn(remedy, words),
		specialty: specialtyIn(reason, words),
		kit: equipmentWords(reason.equipment, words) ?? t('planning.someKit'),
	};
	return by === null || figured === undefined
		? t(`planning.remedy.plain.${remedy.rule}`, blanks)
		: t(`planning.remedy.by.${figured}`, { ...blanks, by });
}

/** Nothing keeps it out: the search has not come to it. */
function idleSentence({ remedyVan }: UnassignedReason, { t, names, day }: SentenceWords): string {
	if (remedyVan === null) return t('planning.remedy.moreTime');
	const date = day(remedyVan.date);
	const vehicle = names.vehicle(remedyVan.vehicle);
	return t('planning.remedy.byHand', { vehicle: date === '' ? vehicle : t('planning.vanOn', { vehicle, date }) });
}

type Forbidden = EditConsequence['forbidden'][number];

/** Which figures a forbidden edit has: a length for a distance, visits for a count, else a time. */
const unitOf = (cause: Forbidden['cause']): Blocking['unit'] =>
	cause === 'max_distance'
		? 'm'
		: cause === 'max_tasks'
			? 'tasks'
			: cause === 'max_trips'
				? 'trips'
				: cause === 'series'
					? 'days'
					: cause === 'load'
						? 'units'
						: 's';

/** Why a change by hand cannot be. */
export function forbiddenSentence({ cause, visit, vehicle, doctor, by }: Forbidden, words: SentenceWords): string {
	const { t, names } = words;
	const much = by === null ? null : amount({ by, unit: unitOf(cause) }, words);
	const blanks = {
		who: visit === null ? t('planning.thisVisit') : names.person(visit),
		vehicle: vehicle === null ? t('planning.thisVan') : names.vehicle(vehicle),
		doctor: doctor === null ? t('planning.someDoctor') : names.doctor(doctor),
	};
	return `${t(`planning.forbidden.${cause}`, blanks)}${much === null ? '' : t('planning.by', { by: much })}`;
}
