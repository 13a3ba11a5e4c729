/** Reads from the registry what a plan is made of. */
import type { Records } from '../registry/index.ts';
import type { RecordsSource } from './records.ts';

export function recordsSource(records: Records): RecordsSource {
	return {
		async ways(from, until) {
			const [fleet, closures] = await Promise.all([records.fleet.all(), records.closures.between(from, until)]);
			return { fleet, closures };
		},
		async read(from, until) {
			const { calendar } = records;
			const visits = await records.visits.between(from, until);
			const [requests, patients, fleet, staff, shifts, doctors, closures] = await Promise.all([
				records.requests.find([...new Set(visits.map(({ request }) => request))]),
				records.patients.find([...new Set(visits.map(({ patient }) => patient))]),
				records.fleet.all(),
				records.staff.all(),
				records.shifts.all(),
				records.doctors.all(),
				records.closures.between(calendar.at(from, '00:00'), calendar.at(until, '24:00')),
			]);
			// Names of patients stay here.
			const facts = patients.map(({ id, home, consents }) => ({ id, home, consents }));
			return { visits, requests, patients: facts, fleet, staff, shifts, doctors, closures };
		},
	};
}
