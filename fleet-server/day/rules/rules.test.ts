import type { DoctorRecord, PlannedRoute, Vehicle, VehicleEstimate } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { assumptions } from '../estimates/assumptions.ts';
import { sure } from '../estimates/moment.ts';
import { roll } from '../estimates/roll.ts';
import { draftOf, MINUTE, routeOf } from '../test-plan.ts';
import {
	consultLate,
	deviceLost,
	doctorNotJoined,
	doctorWaits,
	manifestNotReceived,
	resourceConflicts,
	roadClosedAhead,
	spoolFilling,
	stopLate,
	vehicleSilent,
	type DayNow,
} from './rules.ts';

const START = Date.parse('2026-11-24T08:30:00+09:00');
const at = (minute: number): number => START + minute * MINUTE;

const seen: Vehicle = {
	id: 'van-1',
	name: '1号車',
	position: null,
	link: { state: 'online', since: null, lastSeen: null },
	clock: null,
	devices: [],
	spool: null,
	statusTime: null,
	software: null,
};
/** Van-1, driving to its first stop at minute 5. */
const driving: PlannedRoute = { ...routeOf('van-1', START), next: 1, reached: false };

function dayAt(minute: number, change: Partial<DayNow> = {}, vehicle: Partial<Vehicle> = {}): DayNow {
	const now = at(minute);
	return {
		now,
		wall: now,
		speed: 1,
		plan: { ...draftOf([driving]), id: '8b5c8f6e-8a0e-4c58-8f3a-0d7f7c1d2e3f', revision: 1, published: START },
		estimate: () => undefined,
		vehicle: () => ({ ...seen, link: { ...seen.link, lastSeen: now }, ...vehicle }),
		entry: () => undefined,
		isCancelled: () => false,
		manifest: () => null,
		closedOn: () => [],
		silentOn: () => [],
		share: () => 0.5,
		doctor: () => undefined,
		conflicts: [],
		vehicleOf: () => undefined,
		...change,
	};
}
const lastSeen = (minute: number): Partial<Vehicle> => ({ link: { ...seen.link, lastSeen: at(minute) } });

/** What the estimator makes of a van that reaches its first stop at a minute. */
function estimateAt(arrival: number): (vehicle: string) => VehicleEstimate {
	const van = {
		route: driving,
		arrival: sure(at(arrival)),
		delay: 0,
		times: () => ({ arrived: null, left: null }),
		drive: () => undefined,
	};
	const [rolled] = roll([van], { now: at(5), entry: () => undefined, isCancelled: () => false, assumed: assumptions });
	return (vehicle) => ({ vehicle, computed: at(5), basis: 'position', age: 1, offRoute: false, ...rolled! });
}

describe('a silent van', () => {
	test('is told after three minutes, urgently after ten, and only while it is on its route', () => {
		expect(vehicleSilent(dayAt(20, {}, lastSeen(18)), driving)).toEqual([]);
		expect(vehicleSilent(dayAt(20, {}, lastSeen(16)), driving)).toMatchObject([{ urgency: 'medium', minutes: 4, firm: true }]);
		expect(vehicleSilent(dayAt(20, {}, lastSeen(9)), driving)).toMatchObject([{ urgency: 'high', minutes: 11 }]);
		expect(vehicleSilent(dayAt(2, {}, lastSeen(-300)), driving)).toEqual([]);
		expect(vehicleSilent(dayAt(4, {}, lastSeen(-300)), driving)).toMatchObject([{ minutes: 4 }]);
		expect(vehicleSilent(dayAt(-20, {}, lastSeen(-300)), driving)).toEqual([]);
		const home = { ...driving, next: driving.stops.length - 1, reached: true };
		expect(vehicleSilent(dayAt(145, {}, lastSeen(100)), home)).toEqual([]);
		// Silence before it was to leave does not count, and one that never spoke is silent from when it was to leave.
		expect(vehicleSilent(dayAt(12, { vehicle: () => seen }), driving)).toMatchObject([{ urgency: 'high', minutes: 12 }]);
	});

	test('in a valley that is known to be without signal is less urgent, and the valley is named', () => {
		const gap = [{ name: '果無峠', from: 0.55, to: 0.9 }];
		const silentOn = (_vehicle: string, stop: number) => (stop === 1 ? gap : []);
		expect(vehicleSilent(dayAt(20, { silentOn }, lastSeen(9)), driving)).toMatchObject([{ urgency: 'low', detail: '果無峠' }]);
		// It is past the valley: no excuse.
		const share = () => 0.97;
		expect(vehicleSilent(dayAt(20, { silentOn, share }, lastSeen(9)), driving)).toMatchObject([{ urgency: 'high', detail: null }]);
	});

	test('of a demonstration is silent when real time has passed too', () => {
		const day = { speed: 60, now: at(60), wall: at(20) };
		expect(vehicleSilent(dayAt(60, day, { link: { ...seen.link, lastSeen: at(20) - 10_000 } }), driving)).toEqual([]);
		expect(vehicleSilent(dayAt(60, day, { link: { ...seen.link, lastSeen: at(20) - 25_000 } }), driving)).toMatchObject([
			{ minutes: 25 },
		]);
	});
});

describe('what will be late', () => {
	test('is one alert a van, of the first stop, with the longest delay; it ends lower than it began', () => {
		expect(stopLate(dayAt(5, { estimate: estimateAt(14) }), driving)).toEqual([]);
		expect(stopLate(dayAt(5, { estimate: estimateAt(17) }), driving)).toMatchObject([{ firm: false }]);
		expect(stopLate(dayAt(5, { estimate: estimateAt(22) }), driving)).toMatchObject([
			{ firm: true, urgency: 'medium', visit: 1, at: at(10), minutes: 12 },
		]);
		expect(stopLate(dayAt(5, { estimate: estimateAt(45) }), driving)).toMatchObject([{ urgency: 'high', minutes: 35 }]);
	});

	test('a consult and its doctor', () => {
		const estimate = estimateAt(24);
		expect(consultLate(dayAt(5, { estimate }), driving)).toMatchObject([
			{ subject: '1', visit: 1, doctor: 1, at: at(18), minutes: 14, firm: true, urgency: 'medium' },
		]);
		expect(doctorWaits(dayAt(5, { estimate }), driving)).toMatchObject([{ doctor: 1, visit: 1, minutes: 14, firm: true }]);
		expect(consultLate(dayAt(5, { estimate: estimateAt(10) }), driving)).toEqual([]);
	});
});

describe('a doctor', () => {
	const absent = (from: number, until: number): Pick<DoctorRecord, 'absences'> => ({
		absences: [{ from: at(from), until: at(until), reason: '' }],
	});
	const doctor = (from: number, until: number) => () => absent(from, until) as DoctorRecord;

	test('who is away when a consult begins has not joined', () => {
		expect(doctorNotJoined(dayAt(16, { doctor: doctor(0, 60) }), driving)).toMatchObject([
			{ visit: 1, doctor: 1, at: at(18), urgency: 'high' },
		]);
		expect(doctorNotJoined(dayAt(16, { doctor: doctor(30, 60) }), driving)).toEqual([]);
		expect(doctorNotJoined(dayAt(5, { doctor: doctor(0, 60) }), driving)).toEqual([]);
	});

	test('of whom a crew says so; otherwise nothing is claimed', () => {
		const entry = () =>
			({
				visit: 1,
				vehicle: 'van-1',
				state: 'not-done',
				reason: 'doctor-absent',
				began: null,
				ended: at(20),
				source: 'crew',
			}) as const;
		expect(doctorNotJoined(dayAt(20, { entry }), driving).map(({ visit }) => visit)).toEqual([1]);
		expect(doctorNotJoined(dayAt(30), driving)).toEqual([]);
	});
});

describe('what a van tells of itself', () => {
	const device = {
		port: 'monitor',
		driver: 'pm6750',
		label: 'PM6750',
		bytes: 0,
		frames: 0,
		discardedBytes: 0,
		badChecksums: 0,
		reopened: 0,
	};

	test('a device that was unplugged, after half a minute; urgent while a visit is made', () => {
		const devices = [{ ...device, state: 'lost' as const, since: at(9) }];
		const here = { ...driving, reached: true };
		expect(deviceLost(dayAt(9.3, {}, { devices }), here)).toEqual([]);
		expect(deviceLost(dayAt(10, {}, { devices }), here)).toMatchObject([
			{ subject: 'van-1 monitor', urgency: 'low', detail: 'PM6750' },
		]);
		const entry = () =>
			({ visit: 1, vehicle: 'van-1', state: 'under-way', reason: null, began: at(9), ended: null, source: 'crew' }) as const;
		expect(deviceLost(dayAt(10, { entry }, { devices }), here)).toMatchObject([{ urgency: 'high' }]);
		expect(deviceLost(dayAt(10, {}, { devices: [{ ...device, state: 'open', since: at(0) }] }), here)).toEqual([]);
	});

	test('its spool, by the room that is left', () => {
		const spool = (free: number) => ({
			spool: { pending: { urgent: 0, numeric: 0, waveform: 0 }, bytes: 100 - free, free, shed: 0, refused: 0 },
		});
		expect(spoolFilling(dayAt(5, {}, spool(40)), 'van-1')).toEqual([]);
		expect(spoolFilling(dayAt(5, {}, spool(25)), 'van-1')).toMatchObject([{ firm: false }]);
		expect(spoolFilling(dayAt(5, {}, spool(15)), 'van-1')).toMatchObject([{ firm: true, urgency: 'medium', detail: '15 %' }]);
		expect(spoolFilling(dayAt(5, {}, spool(5)), 'van-1')).toMatchObject([{ urgency: 'high' }]);
	});

	test('a manifest that it does not confirm, from an hour before its route on', () => {
		const manifest = (sent: number | null, received: number | null) => () => ({ revision: 1, sent, received });
		expect(manifestNotReceived(dayAt(5, { manifest: manifest(at(4), null) }), driving)).toEqual([]);
		expect(manifestNotReceived(dayAt(5, { manifest: manifest(at(2), null) }), driving)).toMatchObject([
			{ minutes: 3, urgency: 'medium' },
		]);
		expect(manifestNotReceived(dayAt(5, { manifest: manifest(at(-20), null) }), driving)).toMatchObject([{ urgency: 'high' }]);
		expect(manifestNotReceived(dayAt(5, { manifest: manifest(at(2), at(3)) }), driving)).toEqual([]);
		expect(manifestNotReceived(dayAt(-70, { manifest: manifest(at(-90), null) }), { ...driving, next: 0, reached: true })).toEqual(
			[],
		);
	});
});

test('a closed road is told while it lies ahead, urgently when it is near', () => {
	const closed = (stop: number, from: number, to: number) => (_vehicle: string, index: number) =>
		index === stop ? [{ name: 'R168', from, to }] : [];
	expect(roadClosedAhead(dayAt(5, { closedOn: closed(1, 0.6, 0.8) }), driving)).toMatchObject([
		{ urgency: 'high', detail: 'R168', visit: 1, subject: 'van-1' },
	]);
	// It is behind the van.
	expect(roadClosedAhead(dayAt(5, { closedOn: closed(1, 0.1, 0.3) }), driving)).toEqual([]);
	const later = roadClosedAhead(dayAt(5, { closedOn: closed(3, 0.5, 0.6) }), driving);
	expect(later).toMatchObject([{ urgency: 'medium', visit: 3 }]);
	expect(later[0]!.at).toBeGreaterThan(at(80));
});

test('conflicts of today that are errors, without any name', () => {
	const about = [
		{ kind: 'vehicle' as const, id: 4, name: '1号車' },
		{ kind: 'visit' as const, id: 7, name: '山本 花子' },
	];
	const conflict = { kind: 'planned-while-out', severity: 'error', date: '2026-11-24', about, minutes: 30 } as const;
	const found = resourceConflicts(
		dayAt(5, { conflicts: [conflict, { ...conflict, severity: 'warning' }], vehicleOf: () => 'van-1' }),
	);
	expect(found).toMatchObject([
		{ kind: 'resource-conflict', vehicle: 'van-1', visit: 7, detail: 'planned-while-out', minutes: 30 },
	]);
	expect(JSON.stringify(found)).not.toContain('山本');
});
