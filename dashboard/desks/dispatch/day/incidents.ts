/**
 * What has happened since the plan was published and is not in it yet. A person is asked to mend the plan for as long as there is
 * something; publishing makes an end of it.
 */
import { useSyncExternalStore } from 'react';
import type { DirectoryState } from './directory.ts';

export interface Incident {
	kind: 'vehicle' | 'doctor' | 'visit' | 'closed' | 'opened';
	/** Of the vehicle or closure, number of the doctor or visit. */
	name: string;
}

/** What became otherwise from one picture of the records to the next, by anybody's hand, that a plan has to heed. */
export function incidentsBetween(before: DirectoryState, after: DirectoryState): Incident[] {
	const found: Incident[] = [];
	for (const [vehicle, record] of after.fleet) {
		const known = before.fleet.get(vehicle);
		if (known !== undefined && differs(known.outages, record.outages)) found.push({ kind: 'vehicle', name: vehicle });
	}
	for (const [id, record] of after.doctors) {
		const known = before.doctors.get(id);
		if (known !== undefined && differs(known.absences, record.absences)) found.push({ kind: 'doctor', name: String(id) });
	}
	for (const [id, visit] of after.visits) {
		const known = before.visits.get(id);
		if (known !== undefined && known.state !== visit.state && visit.state === 'cancelled')
			found.push({ kind: 'visit', name: String(id) });
	}
	// Closures that were not known before say nothing of what changed.
	if (before.closures === null || after.closures === null) return found;
	const known = new Map(before.closures.map((closure) => [closure.id, closure]));
	for (const closure of after.closures) {
		const old = known.get(closure.id);
		known.delete(closure.id);
		if (old === undefined) found.push({ kind: 'closed', name: closure.name });
		else if (old.until !== closure.until) found.push({ kind: 'opened', name: closure.name });
		else if (differs(old.shape, closure.shape)) found.push({ kind: 'closed', name: closure.name });
	}
	for (const { name } of known.values()) found.push({ kind: 'opened', name });
	return found;
}

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

const most = 50;
const changed = new EventTarget();
let incidents: readonly Incident[] = [];

function set(next: readonly Incident[]): void {
	incidents = next;
	changed.dispatchEvent(new Event('change'));
}

/** The same again is not a second one. */
export function noteIncident(incident: Incident): void {
	if (incidents.some(({ kind, name }) => kind === incident.kind && name === incident.name)) return;
	set([...incidents, incident].slice(-most));
}
export const clearIncidents = (): void => {
	if (incidents.length > 0) set([]);
};

function subscribe(listener: () => void): () => void {
	changed.addEventListener('change', listener);
	return () => changed.removeEventListener('change', listener);
}
export const useIncidents = (): readonly Incident[] => useSyncExternalStore(subscribe, () => incidents);
