/** What a screen reader says of a visit, and what stands beside the pointer. */
import type { TFunction } from 'i18next';
import { formatDuration, formatTime, type Language } from '../../../shared/i18n/format.ts';
import type { TimelineData, TimelineVisit } from './model.ts';
import type { TimelineNames } from './props.ts';

export interface Speech {
	t: TFunction;
	language: Language;
	names: TimelineNames;
	data: TimelineData;
	pinned?: ReadonlySet<number> | undefined;
}

/** Later or earlier than the plan by more than this is told, ms. */
export const worthTelling = 2 * 60_000;
/** And by more than this stands out. */
export const lateFrom = 5 * 60_000;

export const visitLabel = (visit: Pick<TimelineVisit, 'visit' | 'place'>, { names, language }: Speech): string =>
	names.patient(visit.visit) ?? visit.place[language];

/** About the room that a character takes in a label of 12 pixels. */
const charWidth = (char: string): number => (char.codePointAt(0)! < 0x2000 ? 6.6 : 12);

const segmenter = new Intl.Segmenter();
const charsOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

interface Measured {
	text: string;
	width: number;
	/** Of the first word, sign by sign: its text up to there, and how wide that is. */
	beginnings: readonly { text: string; width: number }[];
}

/** The same labels are asked for at every step of a zoom; a day has some hundreds. */
const measured = new Map<string, Measured>();
const mostMeasured = 5000;

function measure(label: string): Measured {
	let found = measured.get(label);
	if (found !== undefined) return found;
	if (measured.size >= mostMeasured) measured.clear();
	const first = label.split(/[\s\u3000]/)[0]!;
	let width = 0;
	let text = '';
	const beginnings = charsOf(first).map((char) => {
		width += charWidth(char);
		text += char;
		return { text, width };
	});
	found = { text: label, width: charsOf(label).reduce((sum, char) => sum + charWidth(char), 0), beginnings };
	measured.set(label, found);
	return found;
}

/** As much of a label as `width` pixels hold: all of it, its first word (a family name), its beginning, or nothing. */
export function fitted(label: string, width: number): string {
	const room = width - 6;
	const { text, width: whole, beginnings } = measure(label);
	if (whole <= room) return text;
	const at = beginnings.findLastIndex((one) => one.width <= room);
	return at < 1 ? '' : beginnings[at]!.text;
}

export function doctorName(doctor: number, { data, language, t }: Speech): string {
	const name = data.doctors.find((lane) => lane.doctor === doctor)?.name[language];
	return name === undefined ? t('timeline.doctorUnknown', { number: doctor }) : t('timeline.doctorName', { name });
}

/** `+12分`, `-3 min`. */
export const signedMinutes = (ms: number, language: Language): string =>
	`${ms < 0 ? '−' : '+'}${formatDuration(Math.round(Math.abs(ms) / 60_000) * 60_000, language)}`;

export function describeVisit(visit: TimelineVisit, vehicle: string, speech: Speech): string {
	const { t, language, names, pinned } = speech;
	const place =
		visit.municipality === null
			? visit.place[language]
			: t('timeline.place', {
					municipality: visit.municipality[language],
					place: visit.place[language],
				});
	const { live, consult } = visit;
	return [
		t('timeline.period', { from: formatTime(visit.from), to: formatTime(visit.to) }),
		names.patient(visit.visit) ?? t('timeline.visitNumber', { number: visit.visit }),
		place,
		t(`plan.need.${visit.need}`),
		consult === null ? null : t('timeline.consult', { doctor: doctorName(consult.doctor, speech), from: formatTime(consult.from) }),
		live === null || Math.abs(live.late) < worthTelling
			? null
			: t(live.late > 0 ? 'timeline.later' : 'timeline.earlier', {
					by: formatDuration(Math.abs(live.late), language),
					plan: formatTime(live.planned.from),
				}),
		live === null || live.state === 'done'
			? null
			: t('timeline.bounds', { low: formatTime(live.bounds[0]), high: formatTime(live.bounds[1]) }),
		live?.consultOff ? t('timeline.consultOff') : null,
		pinned?.has(visit.visit) ? t('timeline.pinned') : null,
		names.vehicle(vehicle),
	]
		.filter((part) => part !== null)
		.join(t('timeline.comma'));
}
