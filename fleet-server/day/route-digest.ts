/** Tells whether a van's route is another one than before. */
import { createHash } from 'node:crypto';
import type { PlanDraft, VehicleId } from '@junkai/contracts';

type Plan = Pick<PlanDraft, 'routes' | 'doctors'>;

/** The same for the same stops, ways and doctors, however far the van has come; undefined for a van without a route. */
export function digestOf(plan: Plan, vehicle: VehicleId): string | undefined {
	const route = plan.routes.find((one) => one.vehicle === vehicle);
	if (!route) return undefined;
	const { next: _next, reached: _reached, ...rest } = route;
	return createHash('sha256')
		.update(JSON.stringify([rest, doctorsOf(plan, vehicle)]))
		.digest('base64');
}

/** The doctors that a van's route names. */
export function doctorsOf(plan: Plan, vehicle: VehicleId): PlanDraft['doctors'] {
	const stops = plan.routes.find((one) => one.vehicle === vehicle)?.stops ?? [];
	const named = new Set(stops.flatMap(({ visits }) => visits.flatMap(({ consult }) => (consult ? [consult.doctor] : []))));
	return plan.doctors.filter(({ id }) => named.has(id));
}

/** Vans that had a route before: one that has none any more has to be told so. */
export const carriedBefore = (plan: Plan | null): VehicleId[] => (plan?.routes ?? []).map(({ vehicle }) => vehicle);
