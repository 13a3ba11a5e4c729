/** A solution as the days that a desk shows: drafts, reasons, figures, lanes. */
import type { DraftDay, PlanMeasures, PlanSolution } from '@junkai/contracts';
import { drawDraft } from '../dispatch/draft.ts';
import type { Matrices } from '../dispatch/frame.ts';
import type { FindLegs } from '../dispatch/matrices.ts';
import type { PlanningFrame } from './frame.ts';
import { measuresOf } from './measures.ts';
import { reasonsOf } from './reasons.ts';
import { within } from './spans.ts';

export interface Drawn {
	readonly days: readonly DraftDay[];
	readonly measures: PlanMeasures;
}

/** @param solution with the planner's explanations of what is unassigned. Rejects with a RoadsError when there is no way. */
export async function drawDays(frame: PlanningFrame, solution: PlanSolution, matrices: Matrices, legs: FindLegs): Promise<Drawn> {
	const left = Map.groupBy(reasonsOf(frame, solution, matrices), ({ date }) => date);
	const days: DraftDay[] = [];
	for (const [at, date] of frame.dates.entries()) {
		const out = left.get(date) ?? [];
		const unassigned = out.map(({ reason: { visit }, rule }) => ({ visit, rule }));
		const draft = await drawDraft(frame, solution, { legs, clock: (seconds) => seconds * 1000, date, unassigned });
		const [from, until] = frame.days[at]!;
		days.push({
			date,
			// A day without vans is a day without routes, not one without end.
			draft: draft.routes.length > 0 ? draft : { ...draft, from: from * 1000, to: until * 1000 },
			reasons: out.map(({ reason }) => reason),
			measures: measuresOf(frame, solution, date),
			lanes: lanesOf(frame, date, frame.days[at]!),
		});
	}
	return { days, measures: measuresOf(frame, solution) };
}

function lanesOf({ vehicles, doctors }: PlanningFrame, date: string, day: readonly [number, number]): DraftDay['lanes'] {
	return {
		vehicles: vehicles
			.filter((one) => one.date === date)
			.map(({ vehicle, hours, driver, nurse }) => ({ vehicle, from: hours[0] * 1000, until: hours[1] * 1000, driver, nurse })),
		doctors: doctors.flatMap(({ id, hours }) => {
			const offered = within(hours, day).map(([from, until]): [number, number] => [from * 1000, until * 1000]);
			return offered.length > 0 ? [{ doctor: id, hours: offered }] : [];
		}),
	};
}
