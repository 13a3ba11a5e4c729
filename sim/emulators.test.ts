import { drivers, type DriverOutput } from '@junkai/firmware-bridge';
import { coverageOf, loadRegion } from '@junkai/regions';
import { describe, expect, test } from 'vitest';
import { createEmulator, type EmulatedDevice } from './emulators.ts';
import { incidentsOf } from './incidents.ts';
import { planDay, startAt, vanAt, type DayPlan, type StopLeg } from './journey.ts';
import { RoadNetwork } from './road-network.ts';
import { begin } from './schedule.ts';

const region = loadRegion();
const network = new RoadNetwork(region);
const startedAt = Date.UTC(2026, 10, 22, 1, 0, 0);
const plan = planDay({ region, network, round: region.rounds[0]!, seed: 21, startedAt, speedUp: 1 });
const day = begin(plan, coverageOf(region), 0);
const visit = plan.legs.find((leg): leg is StopLeg => leg.kind === 'stop')!.visits[0]!;

/** Runs a device from `from` to `to` (seconds after the start) and gives what its driver makes of its bytes. */
function run(device: EmulatedDevice, of: DayPlan, from: number, to: number): DriverOutput[] {
	const emulator = createEmulator({ device, day: of });
	const outputs: DriverOutput[] = [];
	const driver = drivers[device]!.create((output) => outputs.push(output));
	for (let t = from * 1000; t <= to * 1000; t += 20) driver.push(emulator.advance(startedAt + t), t);
	driver.end(to * 1000);
	expect(driver.counters.badChecksums).toBe(0);
	expect(driver.counters.discardedBytes).toBe(0);
	return outputs;
}

const readings = (outputs: DriverOutput[], code: string) =>
	outputs.filter((o) => o.type === 'reading').filter((r) => r.code === code);

describe('a van with a patient', () => {
	test('both devices tell the same heart', () => {
		const oximeter = readings(run('nonin', day, 0, 30), 'pulse-rate').at(-1)!.value!;
		const monitor = readings(run('pm6750', day, 0, 30), 'heart-rate').at(-1)!.value!;
		expect(Math.abs(oximeter - monitor)).toBeLessThanOrEqual(2);
		expect(monitor).toBeGreaterThan(45);
	});

	test('the cuff measures by itself', () => {
		const outputs = run('pm6750', day, 0, 90);
		const [systolic] = readings(outputs, 'nibp-systolic').filter((r) => r.value !== undefined);
		const [diastolic] = readings(outputs, 'nibp-diastolic').filter((r) => r.value !== undefined);
		expect(systolic!.value!).toBeGreaterThan(diastolic!.value! + 15);
	});

	test('incidents give reasons, not numbers', () => {
		const lap = vanAt(day, startedAt).lap;
		const slip = incidentsOf(visit.seed + lap).find((i) => i.kind === 'finger-off')!;
		const into = slip.from - 20;
		expect(slip.from).toBeGreaterThan(180);
		const spo2 = readings(run('nonin', startAt(plan, visit.from), into - 5, into + 26), 'spo2');
		expect(spo2.some((r) => r.value !== undefined)).toBe(true);
		expect(spo2.some((r) => r.absent === 'no-finger')).toBe(true);
	});
});

describe('a van on its way', () => {
	const driving = startAt(plan, 120);

	test('its devices say that nobody is attached', () => {
		expect(readings(run('nonin', driving, 0, 12), 'spo2').every((r) => r.value === undefined)).toBe(true);
		const monitor = run('pm6750', driving, 0, 12);
		for (const code of ['heart-rate', 'spo2', 'body-temperature', 'nibp-systolic']) {
			expect(readings(monitor, code).every((r) => r.value === undefined)).toBe(true);
		}
		expect(readings(monitor, 'heart-rate').at(-1)!.absent).toBe('lead-off');
	});

	test('its receiver tells the true time and the road’s speed', () => {
		const fast = startAt({ ...plan, speedUp: 10 }, 120);
		const fixes = run('nmea', fast, 0, 10).filter((o) => o.type === 'position');
		expect(fixes.length).toBeGreaterThanOrEqual(9);
		fixes.forEach((fix, i) => {
			const t = Date.parse(fix.time!);
			const place = vanAt(fast, t);
			expect(Math.abs(t - (startedAt + (i + 1) * 1000))).toBeLessThan(20);
			expect(fix.lat).toBeCloseTo(place.lat, 4);
			expect(fix.lon).toBeCloseTo(place.lon, 4);
			expect(fix.speed! * 3.6).toBeLessThan(60);
			expect(fix.speed! * 3.6).toBeGreaterThan(10);
		});
	});
});

test('samples are kept as they were sent, and faults can be asked for', () => {
	const emulator = createEmulator({ device: 'nonin', day, recordSamples: true });
	for (let t = 0; t <= 1000; t += 20) emulator.advance(startedAt + t);
	const [pleth] = emulator.takeSamples();
	expect(pleth).toMatchObject({ signal: 'pleth', channels: 1 });
	expect(pleth!.samples).toHaveLength(75);
	expect(emulator.takeSamples()).toEqual([]);
	emulator.setFaults({ silent: true });
	expect(emulator.advance(startedAt + 2000)).toHaveLength(0);
	emulator.setFaults({ silent: false });
	expect(emulator.advance(startedAt + 3000).length).toBeGreaterThan(300);
});
