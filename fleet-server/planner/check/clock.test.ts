import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { drive, limitsOf, schedule, spans } from './clock.ts';
import { HUNDREDTHS, readFacts } from './facts.ts';
import { generate } from './generate.ts';
import { measure, type Stop } from './simulate.ts';
import { placed } from './write.ts';
import { Zone } from './zone.ts';

/** A route of all jobs of a small random problem, in their order, with the break in the middle. */
function randomRoute(seed: number) {
	const random = createRandom(seed);
	const problem = generate(random, new Set(['windows', 'breaks', 'setup']), { jobs: 3, vehicles: 1, doctors: 0, day: 60, leg: 5 });
	const facts = readFacts(problem);
	const van = [...facts.vans.values()][0]!;
	const stops: Stop[] = [...facts.tasks.values()].map((task) => placed(task, undefined, undefined));
	stops.splice(random.below(4), 0, { kind: 'break', rest: [...van.breaks.values()][0]!, place: undefined });
	const openings = stops.map((stop) =>
		stop.kind === 'reload' ? undefined : spans(stop.kind === 'task' ? stop.task.windows : stop.rest.time_windows),
	);
	return { measured: measure(facts, van, stops), openings, limits: limitsOf(van) };
}

test('of all departures one that keeps the longest duration is found whenever there is one', () => {
	let tried = 0;
	for (let seed = 1; seed <= 600; seed++) {
		const { measured, openings, limits } = randomRoute(seed);
		const durations: number[] = [];
		for (let second = limits.hours[0] / HUNDREDTHS; second <= 100; second++) {
			const timing = drive(measured, openings, limits, second * HUNDREDTHS);
			if (!('late' in timing)) durations.push(timing.finish - timing.departure);
		}
		if (durations.length === 0) continue;
		tried++;
		const shortest = Math.min(...durations);
		const timing = schedule(measured, openings, { ...limits, maxDuration: shortest });
		expect('late' in timing ? timing : timing.finish - timing.departure, `seed ${seed}`).toBe(shortest);
		// One hundredth less is not enough, and just that is told.
		const missed = schedule(measured, openings, { ...limits, maxDuration: shortest - 1 });
		expect(missed, `seed ${seed}`).toMatchObject({ rule: 'max_duration', late: 1 });
	}
	expect(tried).toBeGreaterThan(100);
});

test('the end is the earliest there is, and nobody leaves sooner than needed for it', () => {
	for (let seed = 1; seed <= 200; seed++) {
		const { measured, openings, limits } = randomRoute(seed);
		const timing = schedule(measured, openings, limits);
		if ('late' in timing) continue;
		const at = (departure: number) => drive(measured, openings, limits, departure);
		expect(at(limits.hours[0]), `seed ${seed}`).toMatchObject({ finish: timing.finish });
		const later = at(timing.departure + 1);
		expect('late' in later ? Infinity : later.finish, `seed ${seed}`).toBeGreaterThan(timing.finish);
	}
});

describe('a zone', () => {
	test('knows what fractions are left', () => {
		const zone = new Zone(0, 99);
		zone.setOff(150);
		zone.finishLeg();
		expect([zone.earliest, zone.latest]).toEqual([150, 249]);
		expect(zone.keep(200, 299)).toBe(true);
		expect([zone.earliest, zone.latest]).toEqual([200, 249]);
		expect(zone.keep(250, 300)).toBe(false);
		expect([zone.earliest, zone.latest]).toEqual([200, 249]);
	});

	test('splits a leg around a break: what was driven before is not driven after', () => {
		const zone = new Zone(0, 0);
		zone.setOff(1000);
		zone.driveOn();
		expect(zone.keep(300, 399)).toBe(true);
		expect(zone.left).toEqual([601, 700]);
		zone.stand(500);
		zone.finishLeg();
		expect([zone.earliest, zone.latest]).toEqual([1500, 1500]);
	});

	test('waiting moves the end of the leg', () => {
		const zone = new Zone(0, 0);
		zone.setOff(1000);
		zone.driveOn();
		expect(zone.keep(400, 400)).toBe(true);
		zone.wait();
		expect(zone.keep(700, 700)).toBe(true);
		zone.finishLeg();
		expect([zone.earliest, zone.latest]).toEqual([1300, 1300]);
	});
});
