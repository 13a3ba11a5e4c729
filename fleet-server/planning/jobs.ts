/** Visits as jobs for the planner. Times are whole seconds. */
import {
	equipmentKinds,
	type CalendarDate,
	type EquipmentKind,
	type PlanProblemInput,
	type Specialty,
	type Visit,
	type VisitRequest,
} from '@junkai/contracts';
import { treatments } from '../dispatch/care.ts';
import { MEETING_COST, MEETING_POINTS, MEETING_WITHIN_KM, PREFERRED_COST_PER_HOUR } from '../dispatch/costs.ts';
import { dayNumber, weekdayOf, type Calendar } from '../registry/calendar.ts';
import type { PlanningVisit } from './frame.ts';
import type { Spots, VisitSpot } from './places.ts';
import type { PatientFacts } from './records.ts';

export type Job = NonNullable<PlanProblemInput['jobs']>[number];
type Consult = NonNullable<Job['consult']>;
type Window = [number, number];

export interface JobOptions {
	readonly dates: readonly CalendarDate[];
	readonly calendar: Calendar;
	/** Nothing begins before this, seconds. */
	readonly notBefore: number;
	/** Visits that may begin up to {@link GRACE} after their hours. */
	readonly grace?: ReadonlySet<number> | undefined;
	/** Numbers of all doctors that are kept. */
	readonly doctors: ReadonlySet<number>;
}

export const skillOf = (kind: EquipmentKind): number => equipmentKinds.indexOf(kind) + 1;

/** A doctor's part of a visit that its need does not ask for one, seconds: preparation is the nurse's usual work. */
const ASKED_CONSULT = 720;
const ASKED_REST = 300;

/** What a visit takes. */
export interface Care {
	readonly consult: Consult | null;
	/** Of the whole stay, seconds. */
	readonly seconds: number;
	readonly specialty: Specialty | null;
	readonly equipment: readonly EquipmentKind[];
}

export function careOf(request: VisitRequest): Care {
	const { service, consult, equipment } = treatments[request.need];
	const kinds = [...new Set([...(equipment === null ? [] : [equipment]), ...request.equipment])];
	const asked = request.specialty !== null || request.doctor !== null || request.institution !== null;
	if (consult === null && !asked) {
		return { consult: null, seconds: request.minutes === null ? service : request.minutes * 60, specialty: null, equipment: kinds };
	}
	const usual = consult ?? { preparation: service, duration: ASKED_CONSULT, rest: ASKED_REST, specialty: null };
	const specialty = request.specialty ?? usual.specialty;
	const { preparation, rest } = shared(usual, request.minutes);
	return {
		consult: {
			preparation,
			duration: usual.duration,
			rest,
			// Who names a doctor wants that one, whatever the specialty.
			...(request.doctor !== null ? { doctors: [request.doctor] } : specialty !== null ? { specialties: [specialty] } : {}),
			...(request.institution !== null && { institution: request.institution }),
		},
		seconds: preparation + usual.duration + rest,
		specialty,
		equipment: kinds,
	};
}

/** The nurse's parts of a stay of so many minutes; the doctor's is kept. */
function shared(usual: { preparation: number; duration: number; rest: number }, minutes: number | null) {
	const nurse = usual.preparation + usual.rest;
	if (minutes === null) return usual;
	const left = Math.max(0, minutes * 60 - usual.duration);
	const preparation = Math.round((left * usual.preparation) / Math.max(1, nurse));
	return { preparation, rest: left - preparation };
}

/** A patient who was promised a visit today waits so much longer than the hours say, seconds. */
const GRACE = 3600;

/** When a visit may begin, on each of the days that it may be made; days without a window are left out. */
export function windowsOf(
	visit: Pick<Visit, 'from' | 'until'>,
	request: Pick<VisitRequest, 'weekdays' | 'hours'>,
	seconds: number,
	{ dates, calendar, notBefore }: JobOptions,
): { date: CalendarDate; windows: Window[] }[] {
	const { weekdays, hours } = request;
	return dates.flatMap((date) => {
		if (date < visit.from || date > visit.until) return [];
		if (weekdays.length > 0 && !weekdays.includes(weekdayOf(date))) return [];
		const [from, until] = calendar.dayOf(date).map((ms) => ms / 1000) as [number, number];
		// The whole stay lies within the hours, as long as they are long enough for it.
		const listed: Window[] = hours
			? hours.map(([begin, end]): Window => {
					const [first, last] = [calendar.at(date, begin) / 1000, calendar.at(date, end) / 1000];
					return [first, Math.max(first, last - seconds)];
				})
			: [[from, until - 1]];
		const windows = listed.flatMap(([a, b]): Window[] => (b < notBefore ? [] : [[Math.max(a, notBefore), b]]));
		return windows.length > 0 ? [{ date, windows }] : [];
	});
}

/** Of a visit that was promised for the only day of a plan: its hours, and as much more as patience lasts. */
function lateDay(
	visit: Pick<Visit, 'from' | 'until'>,
	request: Pick<VisitRequest, 'weekdays' | 'hours'>,
	seconds: number,
	options: JobOptions,
): { date: CalendarDate; windows: Window[] } {
	const date = options.dates[0]!;
	const windows = windowsOf(visit, request, seconds, { ...options, notBefore: options.notBefore - GRACE }).flatMap(
		(day) => day.windows,
	);
	const [from, until] = windows.at(-1) ?? [options.notBefore, options.notBefore];
	const last: Window = [Math.max(from, options.notBefore), Math.max(until, options.notBefore) + GRACE];
	const earlier = windows
		.slice(0, -1)
		.flatMap(([a, b]): Window[] => (b < options.notBefore ? [] : [[Math.max(a, options.notBefore), b]]));
	return { date, windows: [...earlier.filter(([, b]) => b < last[0]), last] };
}

/** Latest start within the patient's hours on a day; null when any hour will do. */
function latestStart(
	{ hours }: Pick<VisitRequest, 'hours'>,
	date: CalendarDate,
	seconds: number,
	{ calendar }: JobOptions,
): number | null {
	const last = hours?.at(-1);
	if (!last) return null;
	const [from, until] = calendar.spanOf(date, last);
	return Math.max(from / 1000, until / 1000 - seconds);
}

/** Urgency, and how soon it is too late: the planner serves the highest sum of priorities first. */
export const URGENCY = { routine: 10, soon: 40, urgent: 80 } as const;
/** More for the last chance, less for each day that is left after the plan's last one. */
const LAST_CHANCE = 14;
const LESS_A_DAY = 2;

export function priorityOf(request: Pick<VisitRequest, 'urgency'>, visit: Pick<Visit, 'until'>, lastDay: CalendarDate): number {
	const spare = Math.max(0, dayNumber(visit.until) - dayNumber(lastDay));
	return URGENCY[request.urgency] + Math.max(0, LAST_CHANCE - LESS_A_DAY * spare);
}

function spotOf(request: VisitRequest, patient: PatientFacts, spots: Spots): VisitSpot {
	const { place } = request;
	if (place.kind === 'elsewhere') return spots.care(place.place);
	// A settlement that the region has no more: the home is where the patient is.
	if (place.kind === 'stop') return spots.stop(place.settlement) ?? spots.care(patient.home);
	return spots.care(patient.home);
}

/** The visit and its job; without a job when it is withheld, null when it cannot be on any of the days. */
export function jobOf(
	visit: Visit,
	request: VisitRequest,
	patient: PatientFacts,
	spots: Spots,
	options: JobOptions,
): { visit: PlanningVisit; job: Job | null } | null {
	const care = careOf(request);
	const days = options.grace?.has(visit.id)
		? [lateDay(visit, request, care.seconds, options)]
		: windowsOf(visit, request, care.seconds, options);
	if (days.length === 0) return null;
	const spot = spotOf(request, patient, spots);
	const consents = patient.consents.some(({ scope, state }) => scope === 'remote-care' && state === 'given');
	const unknown = request.doctor !== null && !options.doctors.has(request.doctor);
	const withheld = care.consult === null ? null : !consents ? 'no-consent' : unknown ? 'no-such-doctor' : null;
	const facts: PlanningVisit = {
		id: visit.id,
		patient: visit.patient,
		need: request.need,
		spot: spot.index,
		municipality: spot.municipality,
		equipment: care.equipment,
		specialty: care.specialty,
		dates: days.map(({ date }) => date),
		likes: likesOf(request, days, options),
		before: latestStart(request, days.at(-1)!.date, care.seconds, options),
		withheld,
	};
	if (withheld !== null) return { visit: facts, job: null };
	const job: Job = {
		id: visit.id,
		location_index: spot.index,
		time_windows: days.flatMap(({ windows }) => windows),
		group: spot.municipality,
		priority: priorityOf(request, visit, options.dates.at(-1)!),
		...(care.equipment.length > 0 && { skills: care.equipment.map(skillOf).toSorted((a, b) => a - b) }),
		// The planner knows one wished window for a job: with several days open it would be a wish for a day.
		...(facts.likes.length === 1 && { preferred: wish(facts.likes[0]!) }),
	};
	if (care.consult === null) return { visit: facts, job: { ...job, service: care.seconds } };
	return { visit: facts, job: { ...job, consult: care.consult, ...(!spot.signal && elsewhere(spot, spots)) } };
}

function likesOf(
	{ preferred }: Pick<VisitRequest, 'preferred'>,
	days: readonly { readonly date: CalendarDate }[],
	{ calendar }: JobOptions,
): PlanningVisit['likes'] {
	if (!preferred) return [];
	return days.map(({ date }) => {
		const [from, until] = calendar.spanOf(date, preferred);
		return [from / 1000, until / 1000];
	});
}

/** A wish for hours of one day. */
export const wish = ([from, until]: readonly [number, number]): NonNullable<Job['preferred']> => ({
	time_window: [from, until],
	cost_per_hour: PREFERRED_COST_PER_HOUR,
});

const elsewhere = (spot: VisitSpot, spots: Spots): Partial<Job> => ({
	signal: false,
	meeting_points: spots
		.meetingPoints(spot.near, MEETING_POINTS, MEETING_WITHIN_KM)
		.filter((index) => index !== spot.index)
		.map((index) => ({ location_index: index, cost: MEETING_COST })),
});
