/** What is wrong with shifts: with one by itself, with several on a day, and with what a person works in a week. */
import type { CalendarDate, ResourceConflict, Shift, StaffMember } from '@junkai/contracts';
import type { Span } from '../calendar.ts';
import { absencesOf, outagesOf, shared, type Resources, type ShiftDay } from '../resources.ts';

const MINUTE_MS = 60_000;
/** Labour Standards Act, art. 32: hours of work in a day and in a week, without the rest. */
const LONGEST_DAY = 8 * 60;
const LONGEST_WEEK = 40 * 60;

/** Art. 34: minutes of rest that so many minutes of work take. */
export function leastRest(work: number): 0 | 45 | 60 {
	if (work > 8 * 60) return 60;
	return work > 6 * 60 ? 45 : 0;
}

type About = ResourceConflict['about'][number];

export const aboutStaff = ({ id, name }: StaffMember): About => ({ kind: 'staff', id, name: `${name.family} ${name.given}` });
export const aboutVehicle = ({ id, name }: Resources['fleet'][number]): About => ({ kind: 'vehicle', id, name });
const aboutShift = (shift: Shift, name: string): About => ({
	kind: 'shift',
	id: shift.id,
	name: `${name} ${shift.hours.join('–')}`,
});

const clock = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const lengthOf = ([from, to]: readonly [string, string]): number => clock(to) - clock(from);
/** Minutes of work in a shift. */
export const workOf = ({ hours, rest }: Shift): number => Math.max(0, lengthOf(hours) - rest.minutes);

/** What is wrong with a shift on whichever of its days. */
export function conflictsOfShift(shift: Shift, { fleet, staff }: Resources): ResourceConflict[] {
	const vehicle = fleet.find((one) => one.vehicle === shift.vehicle);
	const about = [aboutShift(shift, vehicle?.name ?? shift.vehicle)];
	const person = (id: number | null): StaffMember | undefined => staff.find((one) => one.id === id);
	const [driver, nurse] = [person(shift.driver), person(shift.nurse)];
	const found: ResourceConflict[] = [];
	const add = (kind: ResourceConflict['kind'], minutes: number | null = null, more: About[] = []): void => {
		found.push({ kind, severity: 'error', date: null, about: [...more, ...about], minutes });
	};
	if (!nurse) add('no-nurse');
	if (!driver && nurse?.roles.includes('driver') !== true) add('no-driver');
	if (driver?.roles.includes('driver') === false) add('staff-role', null, [aboutStaff(driver)]);
	if (nurse?.roles.includes('nurse') === false) add('staff-role', null, [aboutStaff(nurse)]);
	const { hours, rest } = shift;
	const missing = leastRest(workOf(shift)) - rest.minutes;
	if (missing > 0) add('rest-too-short', missing);
	if (rest.minutes > 0) {
		const [from, to] = [Math.max(clock(hours[0]), clock(rest.between[0])), Math.min(clock(hours[1]), clock(rest.between[1]))];
		const outside = from > clock(rest.between[0]) || to < clock(rest.between[1]);
		const lacking = rest.minutes - Math.max(0, to - from);
		if (outside || lacking > 0) add('rest-outside-hours', lacking > 0 ? lacking : null);
	}
	return found;
}

/** What does not go together among the shifts of one day. */
export function conflictsOfDay(date: CalendarDate, days: readonly ShiftDay[]): ResourceConflict[] {
	const found: ResourceConflict[] = [];
	const twice = (kind: 'staff-twice' | 'vehicle-twice', who: About, [a, b]: readonly [ShiftDay, ShiftDay]): void => {
		const ms = shared(a.span, b.span);
		if (ms === 0) return;
		const about = [who, ...[a, b].map(({ shift, vehicle }) => aboutShift(shift, vehicle.name))];
		found.push({ kind, severity: 'error', date, about, minutes: Math.round(ms / MINUTE_MS) });
	};
	for (const [at, one] of days.entries()) {
		for (const other of days.slice(at + 1)) {
			if (one.vehicle.id === other.vehicle.id) twice('vehicle-twice', aboutVehicle(one.vehicle), [one, other]);
			const crew = crewOf(other);
			for (const person of crewOf(one)) {
				if (crew.some(({ id }) => id === person.id)) twice('staff-twice', aboutStaff(person), [one, other]);
			}
		}
		const own = [aboutShift(one.shift, one.vehicle.name)];
		found.push(...missingIn('vehicle-out', date, one.span, outagesOf(one.vehicle), [aboutVehicle(one.vehicle), ...own]));
		for (const person of crewOf(one)) {
			found.push(...missingIn('staff-absent', date, one.span, absencesOf(person), [aboutStaff(person), ...own]));
		}
	}
	return [...found, ...tooLong('day-too-long', date, workBy(days), LONGEST_DAY)];
}

/** One who is there for a part of a shift shortens it; one who is not there at all leaves it empty. */
function missingIn(
	kind: 'vehicle-out' | 'staff-absent',
	date: CalendarDate,
	span: Span,
	away: readonly Span[],
	about: About[],
): ResourceConflict[] {
	const ms = away.reduce((sum, one) => sum + shared(span, one), 0);
	if (ms === 0) return [];
	const severity = ms >= span[1] - span[0] ? 'error' : 'warning';
	return [{ kind, severity, date, about, minutes: Math.round(Math.min(ms, span[1] - span[0]) / MINUTE_MS) }];
}

/** Driver and nurse may be the same person. */
function crewOf({ driver, nurse }: ShiftDay): StaffMember[] {
	const crew = [driver, nurse].filter((one) => one !== null);
	return crew.length === 2 && crew[0]!.id === crew[1]!.id ? [crew[0]!] : crew;
}

type Work = ReadonlyMap<StaffMember, number>;

/** Minutes that each person works. */
export function workBy(days: readonly ShiftDay[]): Map<StaffMember, number> {
	const work = new Map<StaffMember, number>();
	for (const day of days) {
		for (const person of crewOf(day)) work.set(person, (work.get(person) ?? 0) + workOf(day.shift));
	}
	return work;
}

/** `work` is that of a week, Sunday to Saturday, as the law counts where an employer has not said otherwise. */
export const conflictsOfWeek = (date: CalendarDate, work: Work): ResourceConflict[] =>
	tooLong('week-too-long', date, work, LONGEST_WEEK);

function tooLong(kind: 'day-too-long' | 'week-too-long', date: CalendarDate, work: Work, longest: number): ResourceConflict[] {
	return [...work]
		.filter(([, minutes]) => minutes > longest)
		.map(([person, minutes]) => ({
			kind,
			severity: 'warning',
			date,
			about: [aboutStaff(person)],
			minutes: minutes - longest,
		}));
}
