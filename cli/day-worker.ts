/** Plans the demonstration's day in a thread of its own, so that the rest can start meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PlanDraft } from '@junkai/contracts';
import { drawDraft, generateDay, legsBy, roadsOf, optimize, parseProblem, problemOfDay } from '@junkai/fleet-server/dispatch';
import { coverageOf, loadRegion, type Coverage, type Region } from '@junkai/regions';
import { plannedDays, silences, vanAt, type DayPlan, type Silence } from '@junkai/sim';
import type { DayRequest, PlannedDay } from './demo-day.ts';

/** Visits to a van, and a doctor for so many vans. */
const visitsOf = (vans: number): number => vans * 6;
const VANS_A_DOCTOR = 2.5;
const LEAST_DOCTORS = 2;
/** Visits lie so near to a base that its vans can make them, km as the crow flies. */
const REACH_KM = 14;
/** The search ends after so many steps, so that the same seed gives a small fleet the same day, or after this time, s. */
const STEPS_A_VISIT = 150;
const AT_MOST = 1.5;
/** After the last van is back, everyone rests so long before the day begins anew, s. */
const NIGHT = 600;
const MINUTE = 60;

async function planned({ vans, seed, speed, dataDir }: DayRequest): Promise<PlannedDay> {
	const region = loadRegion();
	const roads = await roadsOf(dataDir, process.env['OSRM_URL'] || undefined);
	try {
		const doctors = Math.max(LEAST_DOCTORS, Math.ceil(vans / VANS_A_DOCTOR));
		const day = generateDay(region, { seed, vans, doctors, visits: visitsOf(vans), reachKm: REACH_KM });
		const given = await problemOfDay(region, day, { roads });
		const solution = await optimize(parseProblem(given.problem), {
			seconds: AT_MOST,
			threads: 1,
			seed,
			maxSteps: day.visits.length * STEPS_A_VISIT,
		});
		const draft = await drawDraft(given, solution, { legs: legsBy(roads), clock: (seconds) => seconds * 1000 });
		const whole = { ...draft, to: draft.to + NIGHT * 1000 };
		return { draft: whole, begin: momentToBegin(region, whole, seed, speed), visits: day.visits.length };
	} finally {
		await roads.close();
	}
}

/**
 * A moment of the day that is worth watching, ms of the draft's clock: a patient was just attached in the first van, the second
 * one drives and will soon be out of signal, the third one stands with a patient; as much of it as there is.
 */
function momentToBegin(region: Region, draft: PlanDraft, seed: number, speed: number): number {
	const coverage = coverageOf(region);
	const days = plannedDays(region, coverage);
	const watched = draft.routes.slice(0, 3).map((route) => days.dayOf(draft, route, { seed, speedUp: 1 }));
	const dead = silencesOf(watched[1], coverage);
	const latest = (draft.to - draft.from) / 1000 - 2 * 3600;
	let best = 0;
	let most = -1;
	for (let time = 0; time < latest; time += MINUTE / 6) {
		const worth = worthAt(watched, dead, time, speed);
		if (worth > most) [best, most] = [time, worth];
	}
	return draft.from + best * 1000;
}

const silencesOf = (day: DayPlan | undefined, coverage: Coverage): Silence[] => (day ? silences(day, coverage) : []);

function worthAt([first, second, third]: readonly DayPlan[], dead: readonly Silence[], time: number, speed: number): number {
	const at = (day: DayPlan, seconds: number) => vanAt(day, day.startedAt + seconds * 1000);
	let worth = 0;
	const visit = first && at(first, time).visit;
	if (visit && time - visit.from < MINUTE && visit.to - time > 8 * MINUTE) worth += 8;
	if (second && at(second, time).stop === null && at(second, time + 30 * speed).stop === null) {
		worth += 4;
		const soon = dead.some(({ from, to }) => from - time > 30 * speed && from - time < 90 * speed && to - from > MINUTE);
		if (soon) worth += 2;
	}
	if (third && at(third, time).visit) worth += 1;
	return worth;
}

parentPort!.postMessage(await planned(workerData as DayRequest));
