/** When the demonstration's day is worth watching. */
import type { PlannedRoute } from '@junkai/contracts';
import { coverageOf, type Coverage, type Region } from '@junkai/regions';
import { FleetAtWork, silences, vanAt, type DayPlan, type Silence } from '@junkai/sim';

const MINUTE = 60;
/** Moments that are looked at lie so far apart, s. */
const STEP = 10;
/** What is to be watched needs so much of the day, s. */
const LEFT = 2 * 3600;

/**
 * A moment of the day, service ms: a patient was just attached in the first van, the second one drives and will soon be out of
 * signal, the third one stands with a patient; as much of it as there is.
 *
 * @param speed of the service clock
 */
export function momentToBegin(
	region: Region,
	routes: readonly PlannedRoute[],
	{ seed, speed }: { seed: number; speed: number },
): number {
	const coverage = coverageOf(region);
	const [from, until] = [
		Math.min(...routes.map(({ stops }) => stops[0]!.arrival)),
		Math.max(...routes.map(({ stops }) => stops.at(-1)!.arrival)),
	];
	const days = new Map<string, DayPlan>();
	const clock = { startedWall: from, startedService: from, speed: 1, simulated: true };
	const work = new FleetAtWork({
		region,
		coverage,
		clock,
		seed,
		now: () => from,
		onDays: (all) => {
			for (const [vehicle, day] of all) days.set(vehicle, day);
		},
	});
	for (const route of routes) work.add(route.vehicle, route.stops[0]!.location, '', { revision: 1, route });
	work.begin();
	const watched = routes.slice(0, 3).map(({ vehicle }) => days.get(vehicle)!);
	const dead = watched[1] ? silencesOf(watched[1], coverage, from, until) : [];
	let [best, most] = [from, -1];
	for (let time = from; time < until - LEFT * 1000; time += STEP * 1000) {
		const worth = worthAt(watched, dead, time, speed);
		if (worth > most) [best, most] = [time, worth];
	}
	return best;
}

/** Stretches without signal between two moments, in ms. */
function silencesOf(day: DayPlan, coverage: Coverage, from: number, until: number): Silence[] {
	const second = (ms: number): number => (ms - day.startedAt) / 1000;
	const ms = (time: number): number => day.startedAt + time * 1000;
	return silences(day, coverage, { from: second(from), to: second(until) }).map((one) => ({ from: ms(one.from), to: ms(one.to) }));
}

function worthAt([first, second, third]: readonly DayPlan[], dead: readonly Silence[], time: number, speed: number): number {
	let worth = 0;
	const visit = first && vanAt(first, time);
	if (visit?.visit && time - visit.visitSince < MINUTE * 1000) worth += 8;
	const soon = 30_000 * speed;
	if (second && vanAt(second, time).stop === null && vanAt(second, time + soon).stop === null) {
		worth += 4;
		if (dead.some(({ from, to }) => from - time > soon && from - time < 3 * soon && to - from > MINUTE * 1000)) worth += 2;
	}
	if (third && vanAt(third, time).visit) worth += 1;
	return worth;
}
