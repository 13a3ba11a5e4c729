/** What wishes cost: preferred windows and appointments, of one task at a given service start (seconds, may have a fraction). */
import type { Stop } from './simulate.ts';
import type { Van } from './facts.ts';

export function preferredCost(stop: Stop & { kind: 'task' }, start: number): number {
	const preferred = stop.task.job?.preferred;
	if (!preferred) return 0;
	const [from, to] = preferred.time_window;
	const outside = Math.max(0, from - start, start - to);
	return Math.round((outside * preferred.cost_per_hour) / 3600);
}

export function appointmentCost(van: Van, stop: Stop & { kind: 'task' }, start: number): number {
	const appointment = stop.task.job?.appointment;
	if (!appointment) return 0;
	const kept =
		Math.abs(start - appointment.start) <= appointment.tolerance &&
		(appointment.vehicle === undefined || appointment.vehicle === van.vehicle.id) &&
		(appointment.doctor === undefined || appointment.doctor === stop.doctor);
	return kept ? 0 : appointment.change_cost;
}
