import { coverageOf, loadRegion } from '@junkai/regions';
import { expect, test } from 'vitest';
import { planDay, vanAt, type DayPlan } from './journey.ts';
import { RoadNetwork } from './road-network.ts';
import { begin, signalAt, silences } from './schedule.ts';

const region = loadRegion();
const network = new RoadNetwork(region);
const coverage = coverageOf(region);
const startedAt = Date.UTC(2026, 10, 22);
const day = (round: number, speedUp = 1): DayPlan =>
	planDay({ region, network, round: region.rounds[round]!, seed: 11, startedAt, speedUp });

test.each([1, 5, 20])('at speed %d the first van measures at once and the second goes out of coverage soon', (speed) => {
	const first = begin(day(0, speed), coverage, 0);
	expect(vanAt(first, startedAt).visit).not.toBeNull();
	const second = begin(day(1, speed), coverage, 1);
	const at = (seconds: number) => {
		const { on } = vanAt(second, startedAt + seconds * 1000);
		return on ? coverage(on.edge, on.along).state : 'good';
	};
	expect(at(0)).not.toBe('none');
	const lost = Array.from({ length: 90 }, (_, i) => at(i)).indexOf('none');
	expect(lost).toBeGreaterThan(2);
	expect(lost).toBeLessThan(80);
	const third = begin(day(2, speed), coverage, 2);
	expect(vanAt(third, startedAt).stop).not.toBeNull();
});

test('others begin with signal, and the same for the same seed', () => {
	for (let i = 3; i < region.rounds.length; i++) {
		const begun = begin(day(i), coverage, i);
		expect(signalAt(begun, coverage, begun.offset)).toBe('good');
		expect(begin(day(i), coverage, i)).toEqual(begun);
	}
});

test('a van that stays at a stop without signal has none there', () => {
	const kozagawa = region.rounds.findIndex((r) => r.id === 'kozagawa');
	const plan = day(kozagawa);
	const stop = plan.legs.find((leg) => leg.kind === 'stop' && leg.name === '松根集会所')!;
	expect(signalAt(plan, coverage, (stop.from + stop.to) / 2)).toBe('none');
	const [gap] = silences(plan, coverage);
	expect(gap!.from).toBeLessThan(stop.from);
	expect(gap!.to).toBeGreaterThan(stop.to);
});
