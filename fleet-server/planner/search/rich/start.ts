/** The plan that a problem brings along in `steps` of its vehicles. */
import type { PlanProblem } from '@junkai/contracts';
import { PlannerError } from '../../errors.ts';
import { taskNumbers } from '../../model/compile.ts';
import { DELIVERY, type Model, PICKUP } from '../../model/model.ts';
import { createKernel, type Kernel } from './kernel.ts';
import { assign, createPlan, putIn, type Plan, scoreOf, type Snapshot, snapshot, takeOut } from './plan.ts';
import { reserve, type Route } from './route.ts';

type Step = NonNullable<PlanProblem['vehicles'][number]['steps']>[number];

/**
 * The steps as a plan. Reloads are put in where the load asks for them, the delivery of a pinned pickup where it fits. Consults that
 * no doctor has time for in this order are left out.
 *
 * @param repair leave out what breaks a rule, instead of refusing it
 * @returns undefined when there are no steps
 * @throws PlannerError ('input') naming vehicle and step when they break a rule
 */
export function startOf(problem: PlanProblem, model: Model, repair: boolean): Snapshot | undefined {
	if (!problem.vehicles.some((vehicle) => vehicle.steps?.some((step) => step.type !== 'break'))) return undefined;
	const numbers = taskNumbers(problem);
	const kernel = createKernel(model);
	const plan = createPlan(model);
	bookPromises(model, kernel);
	for (const [at, vehicle] of problem.vehicles.entries()) {
		const route = plan.routes[at]!;
		const steps = (vehicle.steps ?? []).flatMap((step, index) => {
			const task = numbers.get(`${step.type} ${step.id}`);
			return task === undefined ? [] : [{ step, index, task }];
		});
		const refuse = (index: number, why: string): never => {
			const step: Step | undefined = vehicle.steps?.[index];
			const path = `vehicles[${at}].steps[${index}]`;
			const message = `vehicle ${vehicle.id} cannot start from its steps: ${step?.type} ${step?.id} ${why}`;
			throw new PlannerError('input', `${path}: ${message}`, { faults: [{ path, message }] });
		};
		kernel.doctors.release(at);
		const wanted = steps.filter(({ task }) => complete(model, steps, task) || model.pinnedTo[task] === at);
		const broken = steps.find((one) => !wanted.includes(one));
		if (broken && !repair) refuse(broken.index, 'has its other half missing or in the wrong order');
		const whole = takeWhole(model, kernel, plan, route, wanted);
		for (const { task, index } of whole ? [] : wanted) {
			if (route.n > 0 && holds(model, route, task)) continue;
			if (append(model, kernel, plan, route, task)) continue;
			const pinned = model.pinnedTo[task]! >= 0;
			if (pinned || (!repair && fitsAlone(model, route, task) === false)) refuse(index, 'breaks a rule there');
			removeHalf(model, kernel, plan, route, task);
		}
		finishPinned(model, kernel, plan, route, (task) =>
			refuse(steps.find((one) => one.task === task)?.index ?? 0, 'finds no place for its delivery'),
		);
		if (!kernel.update(route)) refuse(steps[0]?.index ?? 0, 'breaks a rule there');
		kernel.book(route);
	}
	return snapshot(model, plan, scoreOf(model, plan));
}

/** Doctors are kept for what was promised until each vehicle's turn comes. */
function bookPromises(model: Model, kernel: Kernel): void {
	for (let task = 0; task < model.tasks; task++) {
		const doctor = model.promisedDoctor[task]!;
		const vehicle = model.promisedVehicle[task]!;
		if (model.consult[task] === 0 || doctor < 0 || vehicle < 0 || model.promisedCost[task] === 0) continue;
		const middle = (model.promisedOpen[task]! + model.promisedClose[task]!) / 2;
		const start = middle + model.preparation[task]!;
		if (kernel.doctors.clear(doctor, -1, start, model.consult[task]!)) {
			kernel.doctors.book(doctor, vehicle, task, start, start + model.consult[task]!);
		}
	}
}

/** All steps at once: a part of a right route need not be right itself. */
function takeWhole(model: Model, kernel: Kernel, plan: Plan, route: Route, wanted: readonly { readonly task: number }[]): boolean {
	const { nodesOf, allowed, tasks } = model;
	if (wanted.some(({ task }) => nodesOf.at[task] === nodesOf.at[task + 1] || allowed[route.vehicle * tasks + task] === 0))
		return false;
	reserve(model, route, wanted.length);
	route.n = wanted.length;
	for (const [k, { task }] of wanted.entries()) route.seq[k + 1] = nodesOf.items[nodesOf.at[task]!]!;
	const right = kernel.update(route);
	if (right) for (const { task } of wanted) assign(model, plan, task, route.vehicle);
	else route.n = 0;
	return right;
}

function holds(model: Model, route: Route, task: number): boolean {
	for (let k = 1; k <= route.n; k++) if (route.seq[k]! < model.nodes && model.nodeTask[route.seq[k]!] === task) return true;
	return false;
}

/** Whether a shipment is there with pickup before delivery; a job is. */
function complete(model: Model, steps: readonly { readonly task: number }[], task: number): boolean {
	const kind = model.kind[task];
	if (kind !== PICKUP && kind !== DELIVERY) return true;
	const here = steps.findIndex((one) => one.task === task);
	const other = steps.findIndex((one) => one.task === model.mate[task]);
	return other >= 0 && (kind === PICKUP ? here < other : other < here);
}

/** Puts a task behind the last stop, at the first of its places that works, with a reload before it if need be. */
function append(model: Model, kernel: Kernel, plan: Plan, route: Route, task: number): boolean {
	const { vehicle } = route;
	if (model.allowed[vehicle * model.tasks + task] === 0) return false;
	for (let at = model.nodesOf.at[task]!; at < model.nodesOf.at[task + 1]!; at++) {
		for (const reload of [false, true]) {
			if (reload && model.vehicles[vehicle]!.reloads === 0) continue;
			const n = route.n;
			reserve(model, route, n + 2);
			if (reload) putIn(model, route, route.n, model.nodes + vehicle);
			putIn(model, route, route.n, model.nodesOf.items[at]!);
			if (works(model, kernel, route)) {
				assign(model, plan, task, vehicle);
				return true;
			}
			route.n = n;
		}
	}
	return false;
}

/** Whether the route keeps the rules so far; pinned stops that are still to come don't count as missing. */
function works(model: Model, kernel: Kernel, route: Route): boolean {
	const { pinned } = model.vehicles[route.vehicle]!;
	const n = route.n;
	let tasks = 0;
	for (let k = 1; k <= n; k++) if (route.seq[k]! < model.nodes) tasks++;
	// While the pinned stops are being put in, only their order matters; the whole is checked when they are all there.
	if (tasks < pinned.length) return model.nodeTask[route.seq[n]!] === pinned[tasks - 1];
	return kernel.update(route);
}

/** Whether a task that failed fails even if all doctors were free. */
function fitsAlone(model: Model, route: Route, task: number): boolean | undefined {
	if (model.doctors === 0) return false;
	const kernel = createKernel(model);
	const plan = createPlan(model);
	const alone = plan.routes[route.vehicle]!;
	reserve(model, alone, route.n + 1);
	alone.n = route.n;
	alone.seq.set(route.seq.subarray(0, route.n + 1));
	return append(model, kernel, plan, alone, task);
}

/** A shipment of which one end found no place is left out whole. */
function removeHalf(model: Model, kernel: Kernel, plan: Plan, route: Route, task: number): void {
	const other = model.mate[task]!;
	if (other < 0) return;
	for (let k = route.n; k >= 1; k--) {
		if (route.seq[k]! >= model.nodes || model.nodeTask[route.seq[k]!] !== other) continue;
		takeOut(route, k);
		assign(model, plan, other, -1);
	}
	kernel.update(route);
}

/** The delivery of a pinned pickup belongs to the same vehicle, where it costs least. */
function finishPinned(model: Model, kernel: Kernel, plan: Plan, route: Route, refuse: (task: number) => never): void {
	for (const task of model.vehicles[route.vehicle]!.pinned) {
		const other = model.mate[task]!;
		if (other < 0 || holds(model, route, other)) continue;
		if (model.kind[task] === DELIVERY) refuse(task);
		const node = model.nodesOf.items[model.nodesOf.at[other]!]!;
		let best = -1;
		let least = Infinity;
		const first = Array.from(route.seq.subarray(0, route.n + 1)).findIndex((one, k) => k > 0 && model.nodeTask[one] === task);
		for (let k = Math.max(first, model.vehicles[route.vehicle]!.pinned.length); k <= route.n; k++) {
			putIn(model, route, k, node);
			if (kernel.update(route) && route.hard + route.extra < least) {
				least = route.hard + route.extra;
				best = k;
			}
			takeOut(route, k + 1);
		}
		if (best < 0) refuse(task);
		putIn(model, route, best, node);
		assign(model, plan, other, route.vehicle);
		kernel.update(route);
	}
}
