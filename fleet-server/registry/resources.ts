/** Which vehicles go on a day with which crews, and when doctors offer hours. Times are ms of service time. */
import type { CalendarDate, DoctorRecord, FleetVehicle, Shift, StaffMember } from '@junkai/contracts';
import { joined, weekdayOf, without, type Calendar, type Span } from './calendar.ts';
import type { Records } from './records.ts';

export interface Resources {
	readonly fleet: readonly FleetVehicle[];
	readonly staff: readonly StaffMember[];
	readonly shifts: readonly Shift[];
	readonly doctors: readonly DoctorRecord[];
}

export async function resourcesOf(records: Records): Promise<Resources> {
	const [fleet, staff, shifts, doctors] = await Promise.all([
		records.fleet.all(),
		records.staff.all(),
		records.shifts.all(),
		records.doctors.all(),
	]);
	return { fleet, staff, shifts, doctors };
}

export interface RosterOptions {
	readonly calendar: Calendar;
	/** With those who come only in an emergency. */
	readonly surge: boolean;
}

/** A shift on one of its days. */
export interface ShiftDay {
	readonly shift: Shift;
	readonly vehicle: FleetVehicle;
	readonly driver: StaffMember | null;
	readonly nurse: StaffMember | null;
	/** As the shift says. */
	readonly span: Span;
	/** When the vehicle and all of its crew are there: the shift without outages and absences. */
	readonly hours: readonly Span[];
}

/** Whether a shift is worked on a day. */
export const runsOn = ({ from, until, weekdays, except }: Shift, date: CalendarDate): boolean =>
	from <= date && date <= until && weekdays.includes(weekdayOf(date)) && !except.includes(date);

export const outagesOf = ({ outages }: FleetVehicle): Span[] => outages.map(({ from, until }) => [from, until ?? Infinity]);
export const absencesOf = ({ absences }: StaffMember | DoctorRecord): Span[] => absences.map(({ from, until }) => [from, until]);

/** Shifts that are worked on a day, by vehicle and hour; also those of which outages and absences leave nothing. */
export function shiftsOn({ fleet, staff, shifts }: Resources, date: CalendarDate, { calendar, surge }: RosterOptions): ShiftDay[] {
	const vehicles = new Map(fleet.map((one) => [one.vehicle, one]));
	const people = new Map(staff.map((one) => [one.id, one]));
	const person = (id: number | null): StaffMember | null => (id === null ? null : (people.get(id) ?? null));
	return shifts
		.filter((shift) => (surge || !shift.surge) && runsOn(shift, date) && vehicles.has(shift.vehicle))
		.map((shift) => {
			const vehicle = vehicles.get(shift.vehicle)!;
			const [driver, nurse] = [person(shift.driver), person(shift.nurse)];
			const span = calendar.spanOf(date, shift.hours);
			const away = [driver, nurse].flatMap((one) => (one === null ? [] : absencesOf(one)));
			return { shift, vehicle, driver, nurse, span, hours: without([span], [...outagesOf(vehicle), ...away]) };
		})
		.toSorted((a, b) => a.vehicle.id - b.vehicle.id || a.span[0] - b.span[0]);
}

/** Hours that a doctor offers on a day: those of the week and extra ones, within the days on which the doctor is there at all. */
export function offeredOn({ span, weekly, extra }: DoctorRecord, date: CalendarDate, calendar: Calendar): Span[] {
	if (span !== null && (date < span.from || date > span.until)) return [];
	const weekday = weekdayOf(date);
	const hours = [...weekly.filter(({ weekdays }) => weekdays.includes(weekday)), ...extra.filter((one) => one.date === date)];
	return joined(hours.flatMap((one) => one.hours).map((one) => calendar.spanOf(date, one)));
}

/** Length of what two spans share, ms; 0 when they are apart. */
export const shared = ([a, b]: Span, [c, d]: Span): number => Math.max(0, Math.min(b, d) - Math.max(a, c));
