/** How a stop comes to stand by an estimate: the plan's visits moved to when they are expected now. */
import type { ConsultEstimate, PlannedStop, StopEstimate, VehicleEstimate } from '@junkai/contracts';
import type { TimelineVisit } from './model.ts';

export type VisitState = StopEstimate['state'];

interface Estimated {
	/** The stop with the times that are expected now. */
	stop: PlannedStop;
	/** For each of its visits; undefined when nothing is known but the plan. */
	live: NonNullable<TimelineVisit['live']>[] | undefined;
}

export function estimatedStop(planned: PlannedStop, index: number, estimate: VehicleEstimate | undefined): Estimated {
	const known = estimate?.stops.find(({ stop }) => stop === index);
	if (estimate === undefined || known === undefined) return { stop: planned, live: undefined };
	const consults = new Map(estimate.consults.map((consult) => [consult.visit, consult]));
	const visits = movedVisits(planned, known, consults);
	return {
		stop: { ...planned, arrival: known.eta, departure: Math.max(known.departure, known.eta), visits },
		live: planned.visits.map(({ visit, from, to, consult }, at) => {
			const own = consults.get(visit);
			const late = visits[at]!.from - from;
			return {
				planned: { from, to, consult },
				bounds: boundsOf(known, own, visits[at]!.from),
				late,
				state: known.state,
				consultOff: own?.state === 'off',
			};
		}),
	};
}

/** The visit begins as far before and after its likely time as van or, when the doctor is told of apart, consult may. */
function boundsOf(stop: StopEstimate, consult: ConsultEstimate | undefined, from: number): readonly [number, number] {
	const { eta, low, high } = consult ?? stop;
	return [from - (eta - low), from + (high - eta)];
}

/**
 * A consult's own estimate moves its visit. One without a doctor begins when the van is there and the one before it is over,
 * never before the plan says: the patient was told that time. A stop that is ahead of its plan even in its departure is moved whole.
 */
function movedVisits(
	planned: PlannedStop,
	known: StopEstimate,
	consults: ReadonlyMap<number, ConsultEstimate>,
): PlannedStop['visits'] {
	const ahead = Math.min(0, Math.max(known.eta - planned.arrival, known.departure - planned.departure));
	let free = known.eta;
	return planned.visits.map((visit) => {
		const own = consults.get(visit.visit);
		const by = own ? own.eta - own.planned : ahead < 0 ? ahead : Math.max(0, free - visit.from);
		const from = visit.from + by;
		const to = visit.to + by;
		free = to;
		const { consult } = visit;
		return { ...visit, from, to, consult: consult && { ...consult, from: consult.from + by, to: consult.to + by } };
	});
}
