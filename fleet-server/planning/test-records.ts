/** Records for the tests and the benchmark of planning: a generated day of care, or a week of it, as people would have written it down. */
import type {
	CalendarDate,
	doctorBody,
	FleetVehicleBody,
	PatientBody,
	RequestBody,
	ShiftBody,
	StaffBody,
	Visit,
} from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { z } from 'zod';
import type { CareDay, Period } from '../dispatch/care.ts';
import { generateDay } from '../dispatch/generate.ts';
import { createRandom } from '../planner/random.ts';
import { addDays } from '../registry/calendar.ts';
import type { PlanningRecords } from './records.ts';

export interface Office {
	readonly fleet: FleetVehicleBody[];
	readonly staff: StaffBody[];
	readonly shifts: ShiftBody[];
	readonly doctors: DoctorBody[];
	readonly patients: PatientBody[];
	/** The nth is of the nth patient. */
	readonly requests: RequestBody[];
}
type DoctorBody = z.infer<typeof doctorBody>;

export interface OfficeOptions {
	readonly seed: number;
	readonly vans: number;
	readonly doctors: number;
	readonly visits: number;
	readonly reachKm?: number;
	readonly from: CalendarDate;
	readonly days?: number;
}

const clockOf = (seconds: number): string =>
	`${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}`;
const hoursOf = ([from, to]: Period): [string, string] => [clockOf(from), clockOf(to)];
const WHOLE_DAY = 8 * 3600;

export function officeOf(region: Region, options: OfficeOptions): Office {
	const { from, days = 1, seed } = options;
	const day = generateDay(region, options);
	const until = addDays(from, days - 1);
	const random = createRandom(seed + 1000).real;
	return {
		...crewsOf(day, from, until),
		doctors: day.doctors.map((doctor) => ({
			name: { ...doctor.name },
			specialties: [...doctor.specialties],
			institution: doctor.institution,
			from: '',
			weekly: [{ weekdays: [0, 1, 2, 3, 4, 5, 6], hours: doctor.hours.map(hoursOf) }],
			extra: [],
			absences: [],
			span: null,
			surge: false,
			user: null,
			phone: null,
			note: '',
		})),
		patients: day.visits.map(({ id, settlement: of }): PatientBody => {
			const { lon, lat, name } = region.settlements.find((one) => one.id === of)!;
			return {
				name: { family: '試験', given: `患者${id}` },
				kana: null,
				birthDate: '1940-01-01',
				sex: 'unknown',
				phone: null,
				home: { address: name, settlement: of, location: [lon, lat], precision: 'settlement' },
				identifiers: [],
				consents: [{ scope: 'remote-care', state: 'given', date: '2026-01-01', by: 'patient' }],
				contact: null,
				note: '',
			};
		}),
		requests: day.visits.map(({ id, need, window }): RequestBody => {
			// In a week a visit may be on some two or three days of it.
			const first = days === 1 ? 0 : Math.floor(random() * (days - 1));
			const last = days === 1 ? 0 : Math.min(days - 1, first + 1 + Math.floor(random() * 3));
			return {
				patient: id,
				need,
				specialty: null,
				equipment: [],
				doctor: null,
				institution: null,
				place: { kind: 'home' },
				from: addDays(from, first),
				until: addDays(from, last),
				weekdays: [],
				hours: window[1] - window[0] >= WHOLE_DAY ? null : [hoursOf([window[0], window[1] + 3600])],
				preferred: null,
				minutes: null,
				urgency: 'routine',
				recurrence: null,
				requestedBy: { name: '役場' },
				note: '',
				state: 'open',
			};
		}),
	};
}

function crewsOf(day: CareDay, from: CalendarDate, until: CalendarDate): Pick<Office, 'fleet' | 'staff' | 'shifts'> {
	const person = (family: string, given: string, role: 'driver' | 'nurse', base: string): StaffBody => ({
		name: { family, given },
		kana: null,
		roles: [role],
		base,
		phone: null,
		surge: false,
		absences: [],
		note: '',
	});
	return {
		fleet: day.vans.map(({ vehicle, base, class: kind, equipment, id }) => ({
			vehicle,
			name: `${id}号車`,
			base,
			class: kind,
			size: null,
			equipment: [...equipment],
			outages: [],
			note: '',
		})),
		// Driver of van n is number 2n - 1, its nurse 2n.
		staff: day.vans.flatMap(({ base, id }) => [person('運転', `${id}`, 'driver', base), person('看護', `${id}`, 'nurse', base)]),
		shifts: day.vans.map(({ vehicle, id, shift }) => ({
			vehicle,
			driver: 2 * id - 1,
			nurse: 2 * id,
			from,
			until,
			weekdays: [0, 1, 2, 3, 4, 5, 6],
			except: [],
			hours: hoursOf(shift),
			rest: { minutes: 60, between: ['11:30', '14:30'] },
			surge: false,
		})),
	};
}

/** As the registry would keep them; each request has one visit, of the same number. */
export function recordsOf({ fleet, staff, shifts, doctors, patients, requests }: Office): PlanningRecords {
	const kept = <T extends object>(bodies: readonly T[]) =>
		bodies.map((body, at) => ({ ...body, id: at + 1, version: 1, updated: 0, updatedBy: 'test' }));
	return {
		fleet: kept(fleet),
		staff: kept(staff),
		shifts: kept(shifts),
		doctors: kept(doctors),
		patients: kept(patients),
		requests: kept(requests),
		visits: requests.map((request, at): Visit => visitOf(at + 1, request)),
		closures: [],
	};
}

export const visitOf = (id: number, { patient, from, until }: RequestBody, request = id): Visit => ({
	id,
	version: 1,
	updated: 0,
	updatedBy: 'test',
	request,
	patient,
	nth: 1,
	from,
	until,
	state: 'open',
	reason: null,
	note: '',
	planned: null,
	actual: null,
});
