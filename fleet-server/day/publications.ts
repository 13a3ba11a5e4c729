/** The plans that hold, by day: published by a dispatcher, followed by positions as they come in, told to whoever listens. */
import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import type {
	CalendarDate,
	PlanDraft,
	PlannedRoute,
	Publication,
	PublishedPlan,
	RouteProgress,
	VehicleId,
} from '@junkai/contracts';
import type { Logger } from 'pino';
import type { ServiceClock } from '../clock.ts';
import { FleetServerError, messageOf } from '../errors.ts';
import { datesOf, type Calendar } from '../registry/calendar.ts';
import type { VehicleRegistry } from '../store/vehicle-registry.ts';
import { carriedOver } from './carry.ts';
import { along } from './estimates/along.ts';
import { progressAfter, progressReported } from './progress.ts';
import { publicationStore, type ManifestState, type PublicationStore } from './publication-store.ts';

export interface PublicationEvents {
	/** Another plan holds today: it was published, or another day began. */
	plan: [revision: number];
	/** A van came further on its route, at this service time; `share` of the way to its next stop lies behind it, 0 to 1. */
	progress: [progress: RouteProgress, before: RouteProgress, time: number, share: number];
	/** Days were published, today's or others. */
	published: [publication: Publication];
	/** A publication is new, or another van has it. */
	publication: [publication: Publication];
	/** Another day began. */
	day: [date: CalendarDate];
}

/** What is to be published. */
export interface PublishRequest {
	readonly days: readonly { readonly date: CalendarDate; readonly draft: PlanDraft }[];
	readonly by: string;
	readonly note?: string;
	readonly board?: string | null;
	readonly mend?: boolean;
	/** Revision of the newest publication that whoever publishes has seen; null: there was none. */
	readonly base: number | null;
}

export interface PublicationsOptions {
	database: DatabaseSync;
	registry: VehicleRegistry;
	clock: ServiceClock;
	calendar: Calendar;
	log: Logger;
}

const TICK_MS = 500;
/** Days that one publication may cover. */
const MOST_DAYS = 7;

export class Publications extends EventEmitter<PublicationEvents> {
	readonly #options: PublicationsOptions;
	readonly #store: PublicationStore;
	readonly #timer: NodeJS.Timeout;
	#today: CalendarDate;
	#current: PublishedPlan | null;

	constructor(options: PublicationsOptions) {
		super();
		this.#options = options;
		this.#store = publicationStore(options.database);
		this.#today = options.calendar.dateOf(options.clock.now());
		this.#current = this.#store.planOf(this.#today);
		options.registry.on('change', (vehicle, what) => {
			if (what === 'position') this.#follow(vehicle);
		});
		this.#timer = setInterval(this.#turnDay, TICK_MS);
		this.#timer.unref();
		// A demonstration that jumps to another day is there at once.
		options.clock.on('change', this.#turnDay);
	}

	/** Today, by the service clock. */
	get today(): CalendarDate {
		return this.#today;
	}

	/** Revision of the newest publication; null when nothing was published. */
	get newest(): number | null {
		return this.#store.newest() || null;
	}

	/** The plan that holds today, progress and all; null when there is none. */
	current(): PublishedPlan | null {
		return this.#current;
	}

	/** The plan that holds on a day: that of the newest publication with this day. */
	planOf(date: CalendarDate): PublishedPlan | null {
		return date === this.#today ? this.#current : this.#store.planOf(date);
	}

	/** The route that a publication gave a van on a day, as it was published; null when it is not known any more. */
	routeAt(date: CalendarDate, vehicle: VehicleId, revision: number): PlannedRoute | null {
		return this.#store.planAt(date, revision)?.routes.find((one) => one.vehicle === vehicle) ?? null;
	}

	/** The day, in the time zone of the region, of a moment of service time. */
	dateOf(time: number): CalendarDate {
		return this.#options.calendar.dateOf(time);
	}

	/** Days from this one on that have a plan. */
	daysFrom(date: CalendarDate): CalendarDate[] {
		return this.#store.daysFrom(date);
	}

	/** Newest first. */
	list(): Publication[] {
		return this.#store.list();
	}

	publication(revision: number): Publication | null {
		return this.#store.publication(revision);
	}

	/**
	 * Makes days hold. Stops that were driven already stay so.
	 * @throws FleetServerError `conflict` when something was published that `base` does not know, naming who did and when
	 */
	publish(request: PublishRequest): Publication {
		const newest = this.#store.newest();
		if ((request.base ?? 0) !== newest) throw this.#overtaken(newest);
		if (request.days.length === 0) throw new FleetServerError('unfit', 'there is no day to publish');
		return this.#publish(
			request,
			request.days.map(({ date, draft }) => {
				const before = this.planOf(date);
				return { dates: [date], draft: before ? carriedOver(draft, before) : draft };
			}),
		);
	}

	/** Makes a draft hold on the days that it touches. It says itself how far the vans have come. */
	publishDraft(draft: PlanDraft, by: string): Publication {
		const { calendar } = this.#options;
		const dates = datesOf(calendar.dateOf(draft.from), calendar.dateOf(draft.to)).slice(0, MOST_DAYS);
		if (dates.length === 0) throw new FleetServerError('unfit', 'the plan ends before it begins: `to` is before `from`');
		return this.#publish({ by }, [{ dates, draft }]);
	}

	#publish(
		{ by, note = '', board = null, mend = false }: Omit<PublishRequest, 'days' | 'base'>,
		plans: readonly { dates: readonly CalendarDate[]; draft: PlanDraft }[],
	): Publication {
		const { clock, log } = this.#options;
		const published = Math.round(clock.now());
		const revision = this.#store.publish({ published, by, note, board, mend, plans });
		const publication = this.#store.publication(revision)!;
		log.info({ revision, days: publication.days, mend, by }, 'a plan was published');
		const holdsToday = publication.days.includes(this.#today);
		if (holdsToday) this.#current = this.#store.planOf(this.#today);
		this.emit('published', publication);
		if (holdsToday) this.emit('plan', revision);
		this.emit('publication', this.#store.publication(revision)!);
		return publication;
	}

	/** Takes over what a crew tells of how far it is. */
	report(vehicle: VehicleId, stop: number, reached: boolean, time: number): void {
		const route = this.#current?.routes.find((one) => one.vehicle === vehicle);
		if (!route) return;
		const before: RouteProgress = { vehicle, next: route.next, reached: route.reached };
		this.#progress(before, progressReported(route, before, stop, reached), time, () => 0);
	}

	/** The manifest that a van is to have for a day; null when it never had a route then. */
	manifest(date: CalendarDate, vehicle: VehicleId): ManifestState | null {
		return this.#store.manifest(date, vehicle);
	}

	/** Vans that have, or had, a route on a day. */
	vehiclesOf(date: CalendarDate): VehicleId[] {
		return this.#store.vehiclesOf(date);
	}

	/** A manifest was handed to the broker. */
	sent(date: CalendarDate, vehicle: VehicleId, at: number): void {
		this.#store.sent(date, vehicle, at);
		const state = this.#store.manifest(date, vehicle);
		if (state?.received === null) this.#tell(state.revision);
	}

	/** A van keeps a manifest. */
	received(date: CalendarDate, vehicle: VehicleId, revision: number, at: number): void {
		for (const concerned of this.#store.received(date, vehicle, revision, at)) this.#tell(concerned);
	}

	stop(): void {
		clearInterval(this.#timer);
		this.#options.clock.off('change', this.#turnDay);
	}

	#tell(revision: number): void {
		const publication = this.#store.publication(revision);
		if (publication) this.emit('publication', publication);
	}

	#overtaken(newest: number): FleetServerError {
		const publication = this.#store.publication(newest);
		if (!publication) return new FleetServerError('conflict', 'nothing is published any more; look at the day again');
		const { revision, by, published } = publication;
		const when = new Date(published).toLocaleString('sv-SE', { timeZone: this.#options.calendar.timeZone });
		return new FleetServerError(
			'conflict',
			`${by} published plan ${revision} at ${when} (service time); look at it, then publish again`,
		);
	}

	readonly #turnDay = (): void => {
		const date = this.#options.calendar.dateOf(this.#options.clock.now());
		if (date === this.#today) return;
		this.#today = date;
		this.#current = this.#store.planOf(date);
		this.emit('day', date);
		if (this.#current) this.emit('plan', this.#current.revision);
	};

	#follow(vehicle: VehicleId): void {
		const plan = this.#current;
		const route = plan?.routes.find((one) => one.vehicle === vehicle);
		const fix = this.#options.registry.view(vehicle)?.position;
		if (!plan || !route || !fix) return;
		const time = this.#options.clock.toService(fix.time);
		if (time < plan.published) return;
		const before: RouteProgress = { vehicle, next: route.next, reached: route.reached };
		this.#progress(before, progressAfter(route, before, { ...fix, time }), time, ({ next }) => {
			const line = route.stops[next]!.way?.geometry.coordinates;
			return line && fix.lat !== undefined && fix.lon !== undefined ? along(line, [fix.lon, fix.lat]).share : 0;
		});
	}

	#progress(before: RouteProgress, after: RouteProgress, time: number, share: (after: RouteProgress) => number): void {
		const plan = this.#current;
		if (!plan || after === before) return;
		const { vehicle, next, reached } = after;
		const at = plan.routes.findIndex((one) => one.vehicle === vehicle);
		this.#current = { ...plan, routes: plan.routes.with(at, { ...plan.routes[at]!, next, reached }) };
		try {
			this.#store.saveProgress(plan.id, after);
		} catch (error) {
			// A full disk must not stop the fleet from being followed; the next change tries again.
			this.#options.log.error({ vehicle, reason: messageOf(error) }, 'how far a van has come could not be written');
		}
		this.emit('progress', after, before, Math.round(time), after.reached ? 1 : share(after));
	}
}
