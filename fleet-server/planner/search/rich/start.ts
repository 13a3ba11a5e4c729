/** The plan that a problem brings along in `steps` of its vehicles. */
import type { PlanProblem } from '@junkai/contracts';
import { PlannerError } from '../../errors.ts';
import { taskNumbers } from '../../model/compile.ts';
import type { Model } from '../../model/model.ts';
import { createKernel } from './kernel.ts';
import { createPlan, restore, type Snapshot } from './plan.ts';

/**
 * @returns undefined when there are no steps
 * @throws PlannerError ('input') naming vehicle and step when they break a rule
 */
export function startOf(problem: PlanProblem, model: Model): Pick<Snapshot, 'routes'> | undefined {
	if (!problem.vehicles.some((vehicle) => vehicle.steps?.length)) return undefined;
	const numbers = taskNumbers(problem);
	const routes = problem.vehicles.map((vehicle): number[] =>
		(vehicle.steps ?? []).flatMap((step) => {
			const task = numbers.get(`${step.type} ${step.id}`);
			return task === undefined ? [] : [model.nodesOf.items[model.nodesOf.at[task]!]!];
		}),
	);
	const kernel = createKernel(model);
	const plan = createPlan(model);
	if (!restore(model, kernel, plan, { routes })) throw new PlannerError('input', 'the steps of the vehicles break a rule');
	return { routes };
}
