/** What the operations of the day do. */
import type { PlanDraft, PublishedPlan, Vehicle } from '@junkai/contracts';
import type { ServiceClock } from '../clock.ts';
import type { Day } from '../day/day.ts';
import type { Publications } from '../day/publications.ts';
import type { DoctorQueues } from '../day/queue.ts';
import type { VehicleRegistry } from '../store/vehicle-registry.ts';
import type { Handlers } from './handlers.ts';
import { ProblemError } from './problem.ts';

type DayOperation =
	| 'getCurrentPlan'
	| 'publishPlan'
	| 'getServiceClock'
	| 'getDayBoard'
	| 'getDoctorQueue'
	| 'listPublications'
	| 'listAlerts'
	| 'acknowledgeAlert'
	| 'reportFromCrew';

export interface DayParts {
	day: Day;
	plans: Publications;
	queues: DoctorQueues;
	clock: ServiceClock;
	registry: VehicleRegistry;
}

export function dayHandlers({ day, plans, queues, clock, registry }: DayParts): Pick<Handlers, DayOperation> {
	const known = (id: string): Vehicle => {
		const vehicle = registry.view(id);
		if (vehicle === null) throw new ProblemError(404, `There is no vehicle ${id}.`);
		return vehicle;
	};
	return {
		getCurrentPlan: () => plans.current(),
		publishPlan: ({ body, session }) => publishedDraft(plans, body, session!.username),
		getServiceClock: () => clock.facts,
		getDayBoard: () => day.board(),
		getDoctorQueue: ({ session }) => queues.of(session!.username),
		listPublications: () => plans.list(),
		listAlerts: ({ query }) => day.alerts(query.date),
		acknowledgeAlert: ({ params, body, session }) => {
			const alert = day.acknowledge(params.alert, session!.username, body.note);
			if (alert === null) throw new ProblemError(404, 'There is no such alert.');
			return alert;
		},
		reportFromCrew: ({ params, body, session }) => {
			const { username, role } = session!;
			return day.report(known(params.vehicle).id, body, username, role === 'crew' ? 'crew' : 'dispatcher');
		},
	};
}

/** Publishes a draft for the days that it touches; answers with the plan of the first of them. */
function publishedDraft(plans: Publications, draft: PlanDraft, by: string): PublishedPlan {
	const [date] = plans.publishDraft(draft, by).days;
	return plans.planOf(date!)!;
}
