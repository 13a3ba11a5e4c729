import { coverageOf, distanceKm, loadRegion } from '@junkai/regions';
import { describe, expect, test } from 'vitest';
import { firstVisit, planDay, startAt, vanAt, type DayPlan } from './journey.ts';
import { RoadNetwork } from './road-network.ts';

const region = loadRegion();
const network = new RoadNetwork(region);
const startedAt = Date.UTC(2026, 10, 22, 0, 0, 0);
const plan = (id: string, more: Partial<{ seed: number; speedUp: number }> = {}) =>
	planDay({ region, network, round: region.rounds.find((r) => r.id === id)!, seed: 7, startedAt, speedUp: 1, ...more });
const at = (day: DayPlan, schedule: number) => vanAt(day, day.startedAt + ((schedule - day.offset) / day.speedUp) * 1000);

describe.each(region.rounds.map((r) => r.id))('round %s', (id) => {
	const day = plan(id);

	test('its legs cover the day without a gap and visit every stop', () => {
		let time = 0;
		for (const leg of day.legs) {
			expect(leg.from).toBeCloseTo(time, 6);
			expect(leg.to).toBeGreaterThan(leg.from);
			time = leg.to;
		}
		expect(time).toBeCloseTo(day.period, 6);
		const round = region.rounds.find((r) => r.id === id)!;
		expect(day.legs.filter((leg) => leg.kind === 'stop')).toHaveLength(round.stops.length + 1);
		expect(day.period).toBeLessThan(12 * 3600);
	});

	test('the van never jumps', () => {
		let before = at(day, 0);
		for (let t = 1; t < day.period + 60; t += 1) {
			const now = at(day, t);
			expect(distanceKm([before.lon, before.lat], [now.lon, now.lat])).toBeLessThan(0.03);
			expect(now.speed).toBeGreaterThanOrEqual(0);
			expect(now.speed * 3.6).toBeLessThan(90);
			expect(now.alt).toBeGreaterThan(-5);
			expect(now.alt).toBeLessThan(1400);
			before = now;
		}
	});
});

test('times on edges are true: km / speed', () => {
	const day = plan('koya-skyline');
	const leg = day.legs.find((l) => l.kind === 'drive' && l.edge === 'R371-008')!;
	expect(leg.to - leg.from).toBeCloseTo((36.5 / 45) * 3600, 3);
	const middle = at(day, (leg.from + leg.to) / 2);
	expect(middle.on).toMatchObject({ edge: 'R371-008' });
	expect(middle.on!.along).toBeCloseTo(0.5, 6);
	expect(middle.speed * 3.6).toBeGreaterThan(40);
});

test('speed-up moves the van faster, and nothing else', () => {
	const [slow, fast] = [plan('ryujin'), plan('ryujin', { speedUp: 10 })];
	const there = vanAt(fast, startedAt + 20_000);
	const same = vanAt(slow, startedAt + 200_000);
	expect([there.lat, there.lon, there.on]).toEqual([same.lat, same.lon, same.on]);
	expect(there.speed).toBeLessThan(25);
	const seconds = vanAt(fast, startedAt + ((firstVisit(fast) + 5) / 10) * 1000);
	expect(seconds.visitSince).toBeCloseTo(startedAt + (firstVisit(fast) / 10) * 1000, 3);
});

test('the same seed gives the same day, another seed another', () => {
	expect(plan('ryujin')).toEqual(plan('ryujin'));
	expect(plan('ryujin', { seed: 8 })).not.toEqual(plan('ryujin'));
	const day = plan('ryujin');
	expect(startAt(day, day.period + 5).offset).toBeCloseTo(5, 6);
	expect(startAt(day, -5).offset).toBeCloseTo(day.period - 5, 6);
	expect(vanAt(startAt(day, firstVisit(day)), startedAt).visit).not.toBeNull();
});

test('rounds cross the dead and the weak stretches', () => {
	const coverage = coverageOf(region);
	const gaps = new Set<string>();
	for (const { id } of region.rounds) {
		for (const leg of plan(id).legs) {
			if (leg.kind !== 'drive') continue;
			for (const along of [0.2, 0.5, 0.9]) gaps.add(coverage(leg.edge ?? '', along).gap?.id ?? 'covered');
		}
	}
	expect([...gaps].toSorted()).toEqual(
		[
			'covered',
			'p229-matsune',
			'p4-shiga-pass',
			'p43-komorigawa',
			'r169-komatsu',
			'r371-gogawa-south',
			'r371-skyline-north',
			'r371-skyline-south',
			'r371-tamagawa',
			'r480-hanazono',
		].toSorted(),
	);
});
