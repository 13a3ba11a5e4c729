/** Doctors for consults whose times are fixed: in order of begin, the one who may, is on duty and is free. */
import { doctorHours } from '../check/clocks.ts';
import { doctorFits, type Facts, HUNDREDTHS } from '../check/facts.ts';
import type { OpenRoute } from './index.ts';

export function assignDoctors(facts: Facts, routes: readonly OpenRoute[]): void {
	const consults = routes.flatMap((route) =>
		route.measured.stops.flatMap((stop, at) => {
			if (stop.kind !== 'task' || !stop.task.consult) return [];
			const start = route.timing.starts[at] ?? 0;
			const setup = route.measured.setups[at] ?? 0;
			const begin = start + (setup + stop.task.consult.preparation) * HUNDREDTHS;
			const end = begin + stop.task.consult.duration * HUNDREDTHS;
			return [{ route, at, stop, setup, start, begin, end, consult: stop.task.consult }];
		}),
	);
	const busyUntil = new Map<number, number>();
	for (const { route, at, stop, setup, start, begin, end, consult } of consults.toSorted((a, b) => a.begin - b.begin)) {
		const free = [...facts.doctors.values()].filter((doctor) => {
			if (!doctorFits(consult, doctor) || (busyUntil.get(doctor.id) ?? 0) > begin) return false;
			const hours = doctorHours(facts, { ...stop, doctor: doctor.id }, setup);
			return !hours || hours.some(([from, to]) => start >= from && start <= to);
		});
		// The choosiest consult is served by whoever is left; the doctor with the fewest gifts is spent first.
		const doctor = free.toSorted((a, b) => (a.specialties?.length ?? 0) - (b.specialties?.length ?? 0))[0];
		if (doctor) {
			busyUntil.set(doctor.id, end);
			route.measured.stops[at] = { ...stop, doctor: doctor.id };
			continue;
		}
		route.violations.steps[at + 1]?.push({ cause: 'doctor' });
		if (!route.violations.route.some(({ cause }) => cause === 'doctor')) route.violations.route.push({ cause: 'doctor' });
	}
}
