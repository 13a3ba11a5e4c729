import type { RequestBody, RoadClosure, Visit } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import { describe, expect, test } from 'vitest';
import { treatments } from '../dispatch/care.ts';
import { parseProblem } from '../planner/index.ts';
import { addDays, calendarOf } from '../registry/calendar.ts';
import { PlanningError } from './errors.ts';
import type { PlanningFrame } from './frame.ts';
import { skillOf } from './jobs.ts';
import { problemOf, type ProblemOptions } from './problem.ts';
import type { PlanningRecords } from './records.ts';
import { officeOf, recordsOf, visitOf } from './test-records.ts';

const region = loadRegion();
const calendar = calendarOf(region.timeZone);
/** A Tuesday. */
const DATE = '2026-11-24';
const at = (date: string, time: string): number => calendar.at(date, time) / 1000;
const options: ProblemOptions = {
	from: DATE,
	days: 1,
	vehicles: undefined,
	surge: false,
	fairness: 1,
	keep: 'published',
	now: calendar.at('2026-11-23', '18:00'),
};
const office = officeOf(region, { seed: 7, vans: 4, doctors: 4, visits: 12, reachKm: 20, from: DATE, days: 7 });
const records = recordsOf(office);

const made = (change: Partial<PlanningRecords> = {}, with_: Partial<ProblemOptions> = {}): PlanningFrame =>
	problemOf(region, { ...records, ...change }, { ...options, ...with_ });
/** One visit, whose request is changed. */
const only = (request: Partial<RequestBody>, change: Partial<PlanningRecords> = {}, with_: Partial<ProblemOptions> = {}) => {
	const wanted = { ...records.requests[0]!, from: DATE, until: addDays(DATE, 6), hours: null, ...request };
	const frame = made({ requests: [wanted], visits: [visitOf(1, wanted)], ...change }, with_);
	return { frame, job: frame.problem.jobs![0], visit: frame.visits[0]! };
};
const refusal = (step: () => unknown): PlanningError => {
	try {
		step();
	} catch (error) {
		if (error instanceof PlanningError) return error;
		throw error;
	}
	throw new Error('it was not refused');
};
/** Without matrices, as they come from the roads: every way takes a minute. */
const withMatrices = ({ problem, spots }: PlanningFrame) => {
	const rows = spots.map((_, row) => spots.map((__, column) => (row === column ? 0 : 60)));
	const profiles = [...new Set(problem.vehicles.map(({ profile }) => profile!))];
	return { ...problem, matrices: Object.fromEntries(profiles.map((profile) => [profile, { durations: rows, distances: rows }])) };
};

describe('a problem of records', () => {
	test('is one that the planner takes, with every number traced back', () => {
		const frame = made({}, { days: 7 });
		const problem = parseProblem(withMatrices(frame));
		expect(problem.vehicles).toHaveLength(28);
		expect(problem.jobs!.map(({ id }) => id)).toEqual(records.visits.map(({ id }) => id));
		expect(frame.vehicles.filter(({ date }) => date === DATE).map(({ vehicle }) => vehicle)).toEqual([
			'van-1',
			'van-2',
			'van-3',
			'van-4',
		]);
		for (const vehicle of problem.vehicles) {
			const { date, hours, base, driver } = frame.vehicles.find(({ id }) => id === vehicle.id)!;
			expect([vehicle.time_window, vehicle.start_index, vehicle.end_index]).toEqual([hours, base, base]);
			expect(vehicle.time_window).toEqual([at(date, '08:00'), at(date, '17:30')]);
			expect(vehicle.day).toBe(frame.dates.indexOf(date));
			expect(driver).toMatch(/^運転 \d$/);
			// Taken wholly between 11:30 and 14:30.
			expect(vehicle.breaks).toMatchObject([{ time_windows: [[at(date, '11:30'), at(date, '13:30')]], service: 3600 }]);
		}
		expect(new Set(problem.jobs!.map(({ group }) => group)).size).toBe(Object.keys(frame.municipalities).length);
	});

	test('carries no name of a patient', () => {
		expect(JSON.stringify(made())).not.toMatch(/試験|患者/);
	});

	test('lets a visit begin on each day that it may, so that the whole of it lies within the patient’s hours', () => {
		const { job, visit } = only(
			{
				need: 'blood-test',
				weekdays: [3, 5],
				hours: [
					['09:00', '10:00'],
					['13:00', '13:10'],
				],
			},
			{},
			{ days: 7 },
		);
		const [wednesday, friday] = ['2026-11-25', '2026-11-27'];
		expect(visit.dates).toEqual([wednesday, friday]);
		// 15 min of care: until 9:45; ten minutes are too short for it, so it begins with them.
		const windows = [wednesday, friday].flatMap((date) => [
			[at(date, '09:00'), at(date, '09:45')],
			[at(date, '13:00'), at(date, '13:00')],
		]);
		expect(job).toMatchObject({ service: 900, time_windows: windows });
		expect(visit.before).toBe(at(friday, '13:00'));
	});

	test('knows a wish for hours only where it is no wish for a day', () => {
		const single = only({ until: DATE, preferred: ['10:00', '11:00'] });
		expect(single.job!.preferred!.time_window).toEqual([at(DATE, '10:00'), at(DATE, '11:00')]);
		const several = only({ preferred: ['10:00', '11:00'] }, {}, { days: 7 });
		expect(several.job).not.toHaveProperty('preferred');
		expect(several.visit.likes[6]).toEqual([at(addDays(DATE, 6), '10:00'), at(addDays(DATE, 6), '11:00')]);
	});

	test('puts urgent before soon before routine, and what is nearly too late before the rest', () => {
		const priority = (request: Partial<RequestBody>) => only(request).job!.priority!;
		const of = (['routine', 'soon', 'urgent'] as const).map((urgency) => priority({ urgency }));
		expect(of).toEqual(of.toSorted((a, b) => a - b));
		expect(priority({ until: DATE })).toBeGreaterThan(priority({ until: addDays(DATE, 2) }));
		// Three routine visits do not push an urgent one out.
		expect(priority({ urgency: 'urgent' })).toBeGreaterThan(3 * priority({ urgency: 'routine' }));
	});
});

describe('care', () => {
	test('no doctor is booked without consent, and the visit says so', () => {
		const refused = records.patients.map((one) => ({ ...one, consents: [] }));
		const { visit, job } = only({ need: 'follow-up' }, { patients: refused });
		expect([job, visit.withheld]).toEqual([undefined, 'no-consent']);
		const withdrawn = [{ scope: 'remote-care' as const, state: 'withdrawn' as const, date: DATE, by: 'patient' as const }];
		expect(only({ need: 'skin' }, { patients: records.patients.map((p) => ({ ...p, consents: withdrawn })) }).visit.withheld).toBe(
			'no-consent',
		);
		// The nurse alone needs no such consent.
		expect(only({ need: 'blood-test' }, { patients: refused })).toMatchObject({ visit: { withheld: null }, job: { service: 900 } });
	});

	test('the doctor is of the specialty asked for, or the one named, at the institution', () => {
		expect(only({ need: 'follow-up' }).job!.consult).toMatchObject({ specialties: ['general'] });
		expect(only({ need: 'follow-up', specialty: 'neurology' }).job!.consult).toMatchObject({ specialties: ['neurology'] });
		const named = only({ need: 'follow-up', doctor: 2, institution: 'F05' }).job!.consult!;
		expect(named).toMatchObject({ doctors: [2], institution: 'F05' });
		expect(named).not.toHaveProperty('specialties');
		expect(only({ need: 'follow-up', doctor: 99 }).visit.withheld).toBe('no-such-doctor');
		// A nurse's visit for which somebody wants a doctor all the same.
		expect(only({ need: 'blood-test', specialty: 'general' }).job!.consult).toMatchObject({
			preparation: 900,
			specialties: ['general'],
		});
	});

	test('a longer stay is the nurse’s, the doctor’s part is kept', () => {
		const { preparation, duration, rest } = treatments['follow-up'].consult!;
		const { consult } = only({ need: 'follow-up', minutes: 60 }).job!;
		expect(consult!.duration).toBe(duration);
		expect(consult!.preparation! + consult!.duration + consult!.rest!).toBe(3600);
		expect(consult!.preparation! / consult!.rest!).toBeCloseTo(preparation / rest, 1);
		expect(only({ need: 'blood-test', minutes: 40 }).job).toMatchObject({ service: 2400 });
	});

	test('equipment of need and request becomes skills of vans', () => {
		const { job, visit, frame } = only({ need: 'ultrasound', equipment: ['ecg'] });
		expect(visit.equipment).toEqual(['ultrasound', 'ecg']);
		expect(job!.skills).toEqual([skillOf('ecg'), skillOf('ultrasound')].toSorted((a, b) => a - b));
		const carries = records.fleet.filter(({ equipment }) => equipment.includes('ultrasound')).map(({ vehicle }) => vehicle);
		const skilled = frame.problem.vehicles.filter(({ skills }) => skills!.includes(skillOf('ultrasound'))).map(({ id }) => id);
		expect(frame.vehicles.filter(({ id }) => skilled.includes(id)).map(({ vehicle }) => vehicle)).toEqual(carries);
	});

	test('without signal at home the patient is asked to a building that has one', () => {
		const home = {
			address: '松根',
			settlement: 'S30424-001',
			location: [135.7, 33.6] as [number, number],
			precision: 'point' as const,
		};
		const patients = records.patients.map((one) => ({ ...one, home }));
		const { job, frame, visit } = only({ need: 'follow-up' }, { patients });
		expect(job!.signal).toBe(false);
		expect(frame.spots[visit.spot]!.location).toEqual([135.7, 33.6]);
		const points = job!.meeting_points!.map(({ location_index: index }) => frame.spots[index!]!.name.ja);
		expect(points.length).toBeGreaterThan(0);
		for (const name of points) expect(region.settlements.map(({ stop }) => stop)).toContain(name);
		expect(only({ need: 'blood-test' }, { patients }).job).not.toHaveProperty('meeting_points');
	});

	test('visits of one request keep its rhythm; a gap in the numbers ends the series', () => {
		const recurrence = { everyDays: 2, times: null, until: null, tolerance: 1 };
		const request = { ...records.requests[0]!, recurrence, until: addDays(DATE, 6) };
		const nth = (id: number, n: number): Visit => ({
			...visitOf(id, request, request.id),
			from: DATE,
			until: addDays(DATE, 6),
			nth: n,
		});
		const series = (visits: Visit[]) => made({ requests: [request], visits }, { days: 7 }).problem.series!;
		expect(series([nth(1, 1), nth(2, 2), nth(3, 3)])).toMatchObject([{ jobs: [1, 2, 3], gap: [1, 3] }]);
		expect(series([nth(1, 1), nth(2, 2), nth(3, 4)])).toMatchObject([{ jobs: [1, 2] }]);
	});
});

describe('vans and people', () => {
	const vans = (frame: PlanningFrame) => frame.vehicles.map(({ vehicle }) => vehicle);

	test('outages and absences take their time out of a shift', () => {
		const span = (from: string, until: string) => ({ from: calendar.at(DATE, from), until: calendar.at(DATE, until), reason: '' });
		const fleet = records.fleet.map((van) => (van.vehicle === 'van-1' ? { ...van, outages: [span('08:00', '12:00')] } : van));
		// The driver of van 2 is away all day, the nurse of van 3 in the evening.
		const staff = records.staff.map((one) =>
			one.id === 3
				? { ...one, absences: [span('00:00', '24:00')] }
				: one.id === 6
					? { ...one, absences: [span('15:00', '24:00')] }
					: one,
		);
		const frame = made({ fleet, staff });
		expect(frame.vehicles.map(({ vehicle, hours }) => [vehicle, ...hours])).toEqual([
			['van-1', at(DATE, '12:00'), at(DATE, '17:30')],
			['van-3', at(DATE, '08:00'), at(DATE, '15:00')],
			['van-4', at(DATE, '08:00'), at(DATE, '17:30')],
		]);
		// From noon on the rest is taken between noon and 14:30.
		expect(frame.problem.vehicles[0]!.breaks![0]!.time_windows).toEqual([[at(DATE, '12:00'), at(DATE, '13:30')]]);
	});

	test('the surge roster goes only when it is called, and a shift without a nurse never', () => {
		const shifts = records.shifts.map((shift) =>
			shift.vehicle === 'van-1' ? { ...shift, surge: true } : shift.vehicle === 'van-2' ? { ...shift, nurse: null } : shift,
		);
		const doctors = records.doctors.map((doctor) => ({ ...doctor, surge: doctor.id === 1 }));
		expect(vans(made({ shifts, doctors }))).toEqual(['van-3', 'van-4']);
		expect(made({ shifts, doctors }).problem.doctors!.map(({ id }) => id)).not.toContain(1);
		expect(vans(made({ shifts, doctors }, { surge: true }))).toEqual(['van-1', 'van-3', 'van-4']);
		expect(made({ shifts, doctors }, { surge: true }).problem.doctors!.map(({ id }) => id)).toContain(1);
	});

	test('a day on which no van goes is told plainly', () => {
		expect(refusal(() => made({ shifts: [] }))).toMatchObject({ status: 422, message: `no van has a shift on ${DATE}` });
		const out = records.fleet.map((van) => ({ ...van, outages: [{ from: 0, until: null, reason: '' }] }));
		expect(refusal(() => made({ fleet: out })).message).toBe(
			`no van can go on ${DATE}: van-1 is out of service on ${DATE}; van-2 is out of service on ${DATE}; van-3 is out of service on ${DATE} and 1 more`,
		);
		expect(refusal(() => made({ visits: [] }))).toMatchObject({ status: 422, message: `no visit is open on ${DATE}` });
	});

	test('doctors offer their weekly and extra hours less their absences', () => {
		const [first, ...rest] = records.doctors;
		const doctor = {
			...first!,
			weekly: [{ weekdays: [2], hours: [['09:00', '12:00'] as [string, string]] }],
			extra: [{ date: DATE, hours: [['11:00', '13:00'] as [string, string]] }],
			absences: [{ from: calendar.at(DATE, '09:30'), until: calendar.at(DATE, '10:00'), reason: '' }],
		};
		const hours = made({ doctors: [doctor, ...rest] }, { days: 2 }).doctors.find(({ id }) => id === doctor.id)!.hours;
		expect(hours).toEqual([
			[at(DATE, '09:00'), at(DATE, '09:30')],
			[at(DATE, '10:00'), at(DATE, '13:00')],
		]);
		const gone = { ...doctor, span: { from: '2026-12-01', until: '2026-12-31' } };
		expect(made({ doctors: [gone, ...rest] }).problem.doctors!.map(({ id }) => id)).not.toContain(doctor.id);
	});

	test('roads are asked by the measures of the van and by what is closed on its day', () => {
		const closure: RoadClosure = {
			id: 4,
			version: 1,
			updated: 0,
			updatedBy: 'test',
			name: '土砂崩れ',
			shape: { kind: 'edges', edges: [region.roads[0]!.id] },
			from: calendar.at('2026-11-25', '16:00'),
			until: calendar.at('2026-11-26', '07:00'),
			source: 'drawn',
			reason: '',
		};
		const fleet = records.fleet.map((van) =>
			van.vehicle === 'van-2' ? { ...van, size: { width: 2.1, height: 2.5, length: 6, weight: 4 } } : van,
		);
		const frame = made({ fleet, closures: [closure] }, { days: 3 });
		const profileOn = (vehicle: string, date: string) => {
			const { id } = frame.vehicles.find((one) => one.vehicle === vehicle && one.date === date)!;
			return frame.profiles[frame.problem.vehicles.find((one) => one.id === id)!.profile!]!;
		};
		expect(profileOn('van-1', DATE)).toEqual({ vehicle: 'van', closures: [] });
		expect(profileOn('van-1', '2026-11-25').closures).toEqual([{ id: 'closure-4', edges: [region.roads[0]!.id] }]);
		expect(profileOn('van-1', '2026-11-26').closures).toEqual([]);
		expect(profileOn('van-2', DATE).vehicle).toMatchObject({ width: 2.1, speedFactor: 1 });
	});
});

describe('what holds already', () => {
	const planned = { date: DATE, vehicle: 'van-3', from: calendar.at(DATE, '10:00'), to: calendar.at(DATE, '10:25'), doctor: 1 };

	test('appointments of the plan that holds have a price, unless nothing is to be kept', () => {
		const visits = records.visits.map((visit) => (visit.id === 1 ? { ...visit, state: 'planned' as const, planned } : visit));
		const requests = records.requests.map((one) => ({ ...one, need: 'follow-up' as const }));
		const frame = made({ visits, requests }, { days: 7 });
		const van = frame.vehicles.find(({ vehicle, date }) => vehicle === 'van-3' && date === DATE)!;
		expect(frame.problem.jobs![0]!.appointment).toMatchObject({
			start: at(DATE, '10:00'),
			vehicle: van.id,
			doctor: 1,
			change_cost: 3000,
		});
		expect(frame.promised).toEqual([{ visit: 1, vehicle: 'van-3', date: DATE, from: at(DATE, '10:00'), doctor: 1 }]);
		expect(made({ visits, requests }, { days: 7, keep: 'nothing' }).problem.jobs![0]).not.toHaveProperty('appointment');
		// Planned for a day that is not ours, it is not ours.
		const later = visits.map((visit) => (visit.id === 1 ? { ...visit, until: addDays(DATE, 3) } : visit));
		expect(made({ visits: later }, { from: addDays(DATE, 1), days: 2 }).problem.jobs!.map(({ id }) => id)).not.toContain(1);
	});

	test('what is done, given up or called off is not planned', () => {
		const states = ['done', 'not-done', 'cancelled', 'under-way'] as const;
		const visits = records.visits.map((visit, index) => ({ ...visit, state: states[index] ?? visit.state }));
		expect(made({ visits }, { days: 7 }).visits.map(({ id }) => id)).toEqual(records.visits.slice(4).map(({ id }) => id));
	});

	test('a pinned visit keeps van, doctor and time; a locked route takes nothing else', () => {
		const requests = records.requests.map((one) => ({ ...one, need: 'follow-up' as const }));
		const pin = { visit: 1, vehicle: 'van-2', date: DATE, from: at(DATE, '09:00'), doctor: 2 };
		const frame = made({ requests }, { days: 7, pins: [pin], start: [pin], locked: [{ date: DATE, vehicle: 'van-2' }] });
		const van = frame.vehicles.find(({ vehicle, date }) => vehicle === 'van-2' && date === DATE)!;
		expect(frame.problem.jobs![0]).toMatchObject({
			vehicles: [van.id],
			time_windows: [[pin.from - 300, pin.from + 300]],
			consult: { doctors: [2] },
		});
		expect(frame.problem.vehicles.find(({ id }) => id === van.id)).toMatchObject({ max_tasks: 1, steps: [{ type: 'job', id: 1 }] });
	});
});
