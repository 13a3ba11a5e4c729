/** Visits with what they are asked by and where they are made. */
import type { Patient, Visit, VisitRequest } from '@junkai/contracts';
import type { LonLat, Settlement } from '@junkai/regions';
import type { Records } from '../registry/index.ts';
import type { PlaceIndex } from './places.ts';

export interface PlacedVisit {
	readonly visit: Visit;
	readonly request: VisitRequest;
	readonly patient: Patient;
	/** Null: no settlement of the region is near. */
	readonly settlement: Settlement | null;
	readonly location: LonLat;
	readonly atHome: boolean;
}

/** In the order of `visits`; one whose request or patient is gone is left out. */
export async function placedVisits(records: Records, places: PlaceIndex, visits: readonly Visit[]): Promise<PlacedVisit[]> {
	const unique = (list: readonly number[]): number[] => [...new Set(list)];
	const [requests, patients] = await Promise.all([
		records.requests.find(unique(visits.map(({ request }) => request))),
		records.patients.find(unique(visits.map(({ patient }) => patient))),
	]);
	const requestOf = new Map(requests.map((one) => [one.id, one]));
	const patientOf = new Map(patients.map((one) => [one.id, one]));
	return visits.flatMap((visit): PlacedVisit[] => {
		const [request, patient] = [requestOf.get(visit.request), patientOf.get(visit.patient)];
		if (!request || !patient) return [];
		return [{ visit, request, patient, ...whereOf(request, patient, places) }];
	});
}

function whereOf({ place }: VisitRequest, { home }: Patient, places: PlaceIndex) {
	if (place.kind === 'stop') {
		const settlement = places.settlement(place.settlement);
		if (settlement) return { settlement, location: [settlement.lon, settlement.lat] as const, atHome: false };
	}
	const at = place.kind === 'elsewhere' ? place.place : home;
	return { settlement: places.settlementOf(at), location: at.location, atHome: place.kind !== 'elsewhere' };
}
