/** Who and what can go on a day: vans with their crews, doctors with their hours. Times are milliseconds. */
import type { CalendarDate, DoctorRecord, FleetVehicle, Shift, StaffMember } from '@junkai/contracts';
import { without, type Calendar } from '../registry/calendar.ts';
import { absencesOf, offeredOn, outagesOf, runsOn } from '../registry/resources.ts';
import type { PlanningRecords } from './records.ts';
import { lengthOf, longest, within, type Span } from './spans.ts';

/** A van with a crew in one shift of one day. */
export interface CrewDay {
	readonly van: FleetVehicle;
	readonly shift: Shift;
	readonly date: CalendarDate;
	/** When van and crew are there: the longest stretch of the shift without outage and absence. */
	readonly hours: Span;
	/** The rest begins within `window` and lasts `seconds`; null when none is due. */
	readonly rest: { readonly window: Span; readonly seconds: number } | null;
	readonly driver: StaffMember | null;
	readonly nurse: StaffMember;
}

/** Why a shift does not go. */
export const idleReasons = ['no-nurse', 'no-driver', 'vehicle-out', 'staff-absent', 'over'] as const;
export interface IdleShift {
	readonly vehicle: string;
	readonly date: CalendarDate;
	readonly reason: (typeof idleReasons)[number];
}

export interface ResourceOptions {
	readonly calendar: Calendar;
	readonly surge: boolean;
	/** Only these vans; all when absent. */
	readonly vehicles?: readonly string[] | undefined;
	/** Nothing before this counts. */
	readonly notBefore: number;
	/** A shorter stretch of a shift is none; an hour when absent. */
	readonly least?: number;
}

const HOUR_MS = 3_600_000;
/** A shorter stretch of a shift is not worth the drive. */
const LEAST_MS = HOUR_MS;
/** Without a rest people may work so long (労働基準法 34条). */
const WITHOUT_REST_MS = 6 * HOUR_MS;

export { runsOn as shiftOn };

export function crewsOn(
	{ fleet, staff, shifts }: PlanningRecords,
	date: CalendarDate,
	options: ResourceOptions,
): { crews: CrewDay[]; idle: IdleShift[] } {
	const vans = new Map(fleet.map((van) => [van.vehicle, van]));
	const people = new Map(staff.map((one) => [one.id, one]));
	const crews: CrewDay[] = [];
	const idle: IdleShift[] = [];
	for (const shift of shifts.toSorted((a, b) => a.vehicle.localeCompare(b.vehicle) || (a.hours[0] < b.hours[0] ? -1 : 1))) {
		const van = vans.get(shift.vehicle);
		if (!van || !runsOn(shift, date) || (shift.surge && !options.surge)) continue;
		if (options.vehicles && !options.vehicles.includes(van.vehicle)) continue;
		const crew = crewOf(shift, van, people, date, options);
		if (typeof crew === 'string') idle.push({ vehicle: van.vehicle, date, reason: crew });
		else crews.push(crew);
	}
	return { crews, idle };
}

function crewOf(
	shift: Shift,
	van: FleetVehicle,
	people: ReadonlyMap<number, StaffMember>,
	date: CalendarDate,
	{ calendar, notBefore, least = LEAST_MS }: ResourceOptions,
): CrewDay | IdleShift['reason'] {
	const nurse = people.get(shift.nurse ?? 0);
	const driver = people.get(shift.driver ?? 0) ?? null;
	if (!nurse) return 'no-nurse';
	if (!driver && !nurse.roles.includes('driver')) return 'no-driver';
	const whole = calendar.spanOf(date, shift.hours);
	const ahead = within([whole], [notBefore, Infinity]);
	if (ahead.length === 0) return 'over';
	const rolling = without(ahead, outagesOf(van));
	if (rolling.length === 0) return 'vehicle-out';
	const absences = [nurse, ...(driver ? [driver] : [])].flatMap(absencesOf);
	const hours = longest(without(rolling, absences));
	if (!hours) return 'staff-absent';
	if (hours[1] - hours[0] < Math.min(least, whole[1] - whole[0])) {
		if (lengthOf(ahead) === hours[1] - hours[0]) return 'over';
		return lengthOf(rolling) < lengthOf(ahead) ? 'vehicle-out' : 'staff-absent';
	}
	return { van, shift, date, hours, rest: restOf(shift, date, hours, calendar), driver, nurse };
}

function restOf({ rest }: Shift, date: CalendarDate, [from, until]: Span, calendar: Calendar): CrewDay['rest'] {
	const length = rest.minutes * 60_000;
	if (length === 0) return null;
	const seconds = rest.minutes * 60;
	const begins = Math.max(from, calendar.at(date, rest.between[0]));
	const latest = Math.min(until, calendar.at(date, rest.between[1])) - length;
	if (begins <= latest) return { window: [begins, latest], seconds };
	if (until - from <= WITHOUT_REST_MS) return null;
	return { window: [from, until - length], seconds };
}

/** Hours that a doctor offers on a day, less absences. */
export function doctorHours(doctor: DoctorRecord, date: CalendarDate, calendar: Calendar, notBefore = -Infinity): Span[] {
	return within(without(offeredOn(doctor, date, calendar), absencesOf(doctor)), [notBefore, Infinity]);
}
