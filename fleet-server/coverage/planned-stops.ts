/** Where published plans stop in a period. */
import { setImmediate } from 'node:timers/promises';
import type { CalendarDate, PublishedPlan } from '@junkai/contracts';
import type { Publications } from '../day/publications.ts';
import type { Calendar } from '../registry/index.ts';

export interface PlannedPlace {
	readonly location: [number, number];
	readonly name: { readonly ja: string; readonly en: string };
	readonly visits: number;
}

/** Days whose stops are remembered. */
const REMEMBERED = 400;

export class PlannedStops {
	readonly #publications: Publications;
	readonly #calendar: Calendar;
	/** By revision and day: a publication never changes. */
	readonly #known = new Map<string, PlannedPlace[]>();

	constructor(publications: Publications, calendar: Calendar) {
		this.#publications = publications;
		this.#calendar = calendar;
	}

	/** Places, each once, with the visits of all days; and how many days have a plan. */
	async between(from: CalendarDate, until: CalendarDate): Promise<{ days: number; places: PlannedPlace[] }> {
		const days = this.#publications.daysFrom(from).filter((date) => date <= until);
		const revisions = this.#revisions();
		const all: PlannedPlace[] = [];
		for (const date of days) {
			all.push(...this.#day(date, revisions.get(date)));
			await setImmediate();
		}
		return { days: days.length, places: joined(all) };
	}

	/** The newest publication that has each day. */
	#revisions(): Map<CalendarDate, number> {
		const newest = new Map<CalendarDate, number>();
		for (const { revision, days } of this.#publications.list()) {
			for (const date of days) newest.set(date, Math.max(revision, newest.get(date) ?? 0));
		}
		return newest;
	}

	#day(date: CalendarDate, revision: number | undefined): PlannedPlace[] {
		const key = `${revision} ${date}`;
		const known = this.#known.get(key);
		if (known) return known;
		const plan = this.#publications.planOf(date);
		const places = plan === null ? [] : this.#placesOf(plan, date);
		if (revision !== undefined) this.#known.set(key, places);
		for (const oldest of this.#known.keys()) {
			if (this.#known.size <= REMEMBERED) break;
			this.#known.delete(oldest);
		}
		return places;
	}

	#placesOf({ routes }: PublishedPlan, date: CalendarDate): PlannedPlace[] {
		const stops = routes.flatMap((route) => route.stops);
		return joined(
			stops
				.filter((stop) => stop.kind === 'visits' && this.#calendar.dateOf(stop.arrival) === date)
				.map(({ location, name, visits }) => ({ location, name, visits: visits.length })),
		);
	}
}

/** Within some ten metres it is the same place. */
const keyOf = ([lon, lat]: readonly [number, number]): string => `${lon.toFixed(4)},${lat.toFixed(4)}`;

function joined(places: readonly PlannedPlace[]): PlannedPlace[] {
	const sums = new Map<string, PlannedPlace>();
	for (const place of places) {
		const before = sums.get(keyOf(place.location));
		sums.set(keyOf(place.location), before ? { ...before, visits: before.visits + place.visits } : place);
	}
	return [...sums.values()];
}
