/**
 * The checker: whether an answer is right by the problem and its matrices alone. It shares nothing with the search.
 *
 * Exactness: shown times are whole seconds, and right when a schedule in hundredths of a second exists that shows so (cut off, as
 * in VROOM); loads, counts, setups, services, distances and totals are exact; the cost of a route may be off by one unit, that of
 * the plan by one a route.
 */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';
import { readFacts } from './facts.ts';
import type { Fault } from './fault.ts';
import { checkWhole } from './plan.ts';
import { type CheckedRoute, checkRoute } from './route.ts';

export type { Fault } from './fault.ts';

/**
 * What is wrong in a plan; empty when it is right.
 * @throws {PlannerError} `input` when the problem itself cannot be computed: a place without index, a profile without matrix.
 */
export function checkPlan(problem: PlanProblem, solution: PlanSolution): Fault[] {
	const faults: Fault[] = [];
	const fail = (fault: Fault): void => void faults.push(fault);
	const facts = readFacts(problem);
	if (solution.code !== 0) return [{ rule: 'code', message: `code is ${solution.code}: ${solution.error ?? 'no plan'}` }];
	const checked: CheckedRoute[] = [];
	for (const route of solution.routes ?? []) {
		const van = facts.vans.get(route.vehicle);
		if (!van) {
			fail({ rule: 'vehicle', vehicle: route.vehicle, message: `there is no vehicle ${route.vehicle}` });
			continue;
		}
		const found = checkRoute(facts, van, route, fail);
		if (found) checked.push(found);
	}
	checkWhole(facts, solution, checked, fail);
	return faults;
}
