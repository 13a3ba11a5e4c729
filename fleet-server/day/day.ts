/** The day under way, put together: manifests for the vans, ETAs, alerts, what crews tell and what becomes of the visits. */
import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import type {
	Alert,
	CalendarDate,
	CrewReport,
	DayBoard,
	ManifestReceipt,
	Publication,
	UplinkRecord,
	VehicleEstimate,
	VehicleId,
} from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { Logger } from 'pino';
import type { BrokerLink } from '../broker/link.ts';
import type { ServiceClock } from '../clock.ts';
import { FleetServerError, messageOf } from '../errors.ts';
import type { Records } from '../registry/index.ts';
import type { Roads } from '../roads/port.ts';
import type { Origin, VehicleRegistry } from '../store/vehicle-registry.ts';
import { AlertBook } from './alerts/book.ts';
import { alertStore } from './alerts/store.ts';
import { Detours } from './estimates/detours.ts';
import { Estimator } from './estimates/estimator.ts';
import { VanEvents } from './events.ts';
import { Known } from './known.ts';
import { Ledger } from './ledger/ledger.ts';
import { ledgerStore, type LedgerEntry } from './ledger/store.ts';
import { VisitRecords } from './ledger/visit-records.ts';
import { ManifestSender } from './manifests.ts';
import type { Publications } from './publications.ts';
import { resourceConflicts, ruledKinds, spoolFilling, vehicleRules, type DayNow } from './rules/rules.ts';
import { WaysAhead } from './ways/ways-ahead.ts';

export interface DayOptions {
	publications: Publications;
	records: Records;
	registry: VehicleRegistry;
	roads: Roads;
	region: Region;
	clock: ServiceClock;
	database: DatabaseSync;
	log: Logger;
	publish: BrokerLink['publish'];
	/** Messages can go to the broker. */
	isUp: () => boolean;
}

/** For the live channel. */
export interface DayEvents {
	estimate: [estimate: VehicleEstimate];
	alert: [alert: Alert];
	publication: [publication: Publication];
	/** What became of a visit of today changed. */
	visit: [visit: number];
}

const TICK_MS = 1000;
/** Closures begin and end by the clock; what could not be written is tried again. Every so many ticks. */
const LOOK_EVERY = 5;
const RETRY_EVERY = 30;

/** Visits of one van of which nothing was known when the day ended; more of them are one alert. */
const ONE_BY_ONE = 3;

export class Day extends EventEmitter<DayEvents> {
	readonly #options: DayOptions;
	readonly #manifests: ManifestSender;
	readonly #ledger: Ledger;
	readonly #book: AlertBook;
	readonly #visits: VisitRecords;
	readonly #ways: WaysAhead;
	readonly #estimator: Estimator;
	readonly #events: VanEvents;
	readonly #known: Known;
	readonly #timer: NodeJS.Timeout;
	#ticks = 0;

	constructor(options: DayOptions) {
		super();
		this.#options = options;
		const { publications, records, registry, roads, region, clock, database, log, publish } = options;
		this.#manifests = new ManifestSender({ ...options, publish: (topic, payload) => publish(topic, payload, 1, true) });
		const isCancelled = (visit: number) => this.#known.isCancelled(visit);
		this.#ledger = new Ledger({ store: ledgerStore(database), publications, clock, isCancelled, log });
		this.#book = new AlertBook(alertStore(database), clock, log);
		this.#known = new Known({ records, publications, clock, log });
		this.#visits = new VisitRecords({
			records,
			days: () => publications.daysFrom(publications.today),
			planOf: (date) => publications.planOf(date),
			today: () => publications.today,
			log,
		});
		const plan = () => publications.current();
		this.#ways = new WaysAhead({ region, records, clock, plan, log, onChange: () => detours.forget() });
		const detours = new Detours({
			roads,
			closures: () => this.#ways.closures,
			vehicleOf: (vehicle) => this.#known.profileOf(vehicle),
			log,
		});
		this.#estimator = new Estimator({
			publications,
			registry,
			clock,
			detours,
			ledger: this.#ledger,
			isCancelled,
			isCut: ({ vehicle }, index, share) => this.#ways.closedOn(vehicle, index).some(({ to }) => to > share),
		});
		this.#events = new VanEvents({
			book: this.#book,
			hasVisit: (vehicle) => this.#ledger.entries().some((entry) => entry.vehicle === vehicle && entry.state === 'under-way'),
			deviceAt: (vehicle, port) => registry.view(vehicle)?.devices.find((device) => device.port === port)?.label ?? port ?? null,
		});
		this.#listen();
		this.#timer = setInterval(() => this.#tick(), TICK_MS);
		this.#timer.unref();
	}

	/** A van keeps a manifest. */
	readonly receipt = (vehicle: VehicleId, receipt: ManifestReceipt): void => this.#manifests.received(vehicle, receipt);

	/** A van sent a record. */
	record(origin: Origin, record: UplinkRecord): void {
		this.#events.record(origin, record);
		// What came late was not followed as it happened: it may tell of stops that were made without signal.
		if (origin.historical && record.kind === 'position') {
			this.#ledger.lateFix(origin.vehicle, { ...record, time: this.#options.clock.toService(record.time) });
		}
	}

	/** How the day stands. */
	board(): DayBoard {
		const { publications, clock } = this.#options;
		const plan = publications.current();
		return {
			date: publications.today,
			now: Math.round(clock.now()),
			clock: clock.facts,
			plan,
			publication: plan ? publications.publication(plan.revision) : null,
			estimates: this.estimates(),
			alerts: this.openAlerts(),
			visits: this.#ledger
				.states(plan)
				.map(({ visit, state }) => ({ visit, state: this.#known.isCancelled(visit) && state !== 'done' ? 'cancelled' : state })),
		};
	}

	/** The newest ETAs. */
	estimates(): VehicleEstimate[] {
		return this.#estimator.list();
	}

	/** Alerts whose cause is there, the most urgent first. */
	openAlerts(): Alert[] {
		return this.#book.open();
	}

	/** Alerts of a day; today's when absent. */
	alerts(date: CalendarDate = this.#options.publications.today): Alert[] {
		const [from, to] = this.#options.records.calendar.dayOf(date);
		return this.#book.between(from, to);
	}

	/** @throws FleetServerError `conflict` when somebody did before; null when there is no such alert */
	acknowledge(alert: string, by: string, note: string): Alert | null {
		return this.#book.acknowledge(alert, by, note);
	}

	/**
	 * Takes over what a crew tells. Resolves with the ETAs of its van.
	 * @throws FleetServerError `unfit` for what cannot be of this van's day, `conflict` for a visit that was called off
	 */
	async report(vehicle: VehicleId, report: CrewReport, by: string, source: 'crew' | 'dispatcher'): Promise<VehicleEstimate> {
		if (report.visit !== undefined && report.state !== 'done') {
			const visit = await this.#options.records.visits.get(report.visit);
			if (visit?.state === 'cancelled') {
				throw new FleetServerError(
					'conflict',
					`visit ${visit.id} was called off by ${visit.updatedBy}${visit.note === '' ? '' : `: ${visit.note}`}`,
				);
			}
		}
		this.#ledger.report(vehicle, report, by, source);
		this.#estimator.compute();
		const estimate = this.#estimator.of(vehicle);
		if (!estimate) throw new FleetServerError('unfit', `${vehicle} has no route today`);
		return estimate;
	}

	/** Ends what is under way in the records. */
	async stop(): Promise<void> {
		clearInterval(this.#timer);
		this.#manifests.stop();
		await Promise.all([this.#ways.idle(), this.#known.idle(), this.#visits.idle()]);
	}

	#listen(): void {
		const { publications, records } = this.#options;
		this.#estimator.on('estimate', (estimate) => this.emit('estimate', estimate));
		this.#book.on('alert', (alert) => this.emit('alert', alert));
		publications.on('publication', (publication) => this.emit('publication', publication));
		publications.on('published', ({ by }) => {
			void this.#visits.plan(by);
			this.#look();
		});
		// Whoever fetches the new plan finds its ETAs with it.
		publications.on('plan', () => this.#estimator.compute());
		publications.on('progress', ({ vehicle, next }, before) => {
			if (next > before.next) this.#events.left(vehicle);
		});
		publications.on('day', () => {
			this.#look();
			void this.#settle();
		});
		this.#ledger.on('visit', (visit, entry, date, note) => {
			void this.#visits.tell(visit, entry, date, note);
			this.#tellNotDone(visit, entry, date);
			if (date === publications.today) this.emit('visit', visit);
		});
		records.on('change', (changes) => {
			const visits = changes.filter(({ kind }) => kind === 'visit').map(({ id }) => id);
			if (visits.length > 0) void this.#reopened(visits);
			// Each report of a crew changes a visit, which changes nothing else.
			if (visits.length === changes.length) void this.#known.refreshVisits();
			else this.#look();
		});
		this.#look();
		void this.#visits.plan('day').then(() => this.#settle());
	}

	/** What is kept has changed, or time has gone on. */
	#look(): void {
		void this.#known.refresh();
		void this.#ways.refresh();
	}

	#tick(): void {
		const { log } = this.#options;
		this.#ticks++;
		try {
			if (this.#ticks % LOOK_EVERY === 0) void this.#ways.refresh();
			if (this.#ticks % RETRY_EVERY === 0) {
				this.#visits.retry();
				void this.#known.refresh();
			}
			this.#estimator.compute();
			this.#applyRules();
		} catch (error) {
			// One fault in a figure must not end the watch over all others.
			log.error(
				{ reason: messageOf(error), stack: error instanceof Error ? error.stack : undefined },
				'the day could not be looked at',
			);
		}
	}

	#applyRules(): void {
		const day = this.#now();
		const findings = (day.plan?.routes ?? []).flatMap((route) => vehicleRules.flatMap((rule) => rule(day, route)));
		const spools = this.#options.registry.ids().flatMap((vehicle) => spoolFilling(day, vehicle));
		this.#book.update(ruledKinds, [...findings, ...spools, ...resourceConflicts(day)]);
	}

	#now(): DayNow {
		const { publications, registry, clock } = this.#options;
		return {
			now: clock.now(),
			wall: Date.now(),
			speed: clock.facts.speed,
			plan: publications.current(),
			estimate: (vehicle) => this.#estimator.of(vehicle),
			vehicle: (vehicle) => registry.view(vehicle),
			entry: (visit) => this.#ledger.entry(visit),
			isCancelled: (visit) => this.#known.isCancelled(visit),
			manifest: (vehicle) => publications.manifest(publications.today, vehicle),
			closedOn: (vehicle, stop) => this.#ways.closedOn(vehicle, stop),
			silentOn: (vehicle, stop) => this.#ways.silentOn(vehicle, stop),
			share: (vehicle) => this.#estimator.share(vehicle),
			doctor: (id) => this.#known.doctor(id),
			conflicts: this.#known.conflicts,
			vehicleOf: (record) => this.#known.vehicleOf(record),
		};
	}

	#tellNotDone(visit: number, entry: LedgerEntry | null, date: CalendarDate): void {
		const subject = `${date} ${visit}`;
		if (entry?.state !== 'not-done') {
			this.#book.end('visit-not-done', subject);
			return;
		}
		// What was open at the end of its day is told after the records were asked: it may have been called off.
		if (date !== this.#options.publications.today) return;
		const { vehicle, reason } = entry;
		this.#book.raise({
			kind: 'visit-not-done',
			subject,
			vehicle,
			visit,
			firm: true,
			urgency: 'medium',
			at: entry.ended,
			detail: reason,
		});
	}

	/** Ends the days that are over: a visit of which nothing was heard is not done, and somebody has to decide what follows. */
	async #settle(): Promise<void> {
		const { records, log } = this.#options;
		try {
			const left = this.#ledger.settle();
			if (left.length === 0) return;
			await this.#visits.idle();
			const kept = new Map((await records.visits.find(left.map(({ visit }) => visit))).map((visit) => [visit.id, visit]));
			const open = left.filter(({ visit }) => (kept.get(visit)?.state ?? 'not-done') === 'not-done');
			for (const [subject, own] of Map.groupBy(open, ({ date, vehicle }) => `${date} ${vehicle}`)) {
				const facts = { vehicle: own[0]!.vehicle, firm: true, urgency: 'medium' } as const;
				// Nothing was heard of a van's whole day: one thing to look at, not one for each patient.
				if (own.length > ONE_BY_ONE) {
					this.#book.raise({ kind: 'visit-not-done', subject, visit: null, detail: `other ${own.length}`, ...facts });
					continue;
				}
				for (const { date, visit } of own)
					this.#book.raise({ kind: 'visit-not-done', subject: `${date} ${visit}`, visit, detail: 'other', ...facts });
			}
		} catch (error) {
			log.error({ reason: messageOf(error) }, 'a day that is over could not be settled; trying again at the next start');
		}
	}

	/** A visit that is to be made after all, or that nobody wants any more, needs no decision. */
	async #reopened(visits: readonly number[]): Promise<void> {
		try {
			// What a crew has just told is not in the records before this.
			await this.#visits.idle();
			const asked = visits.filter((visit) => this.#isNotDone(visit));
			if (asked.length === 0) return;
			for (const { id, state } of await this.#options.records.visits.find(asked)) {
				if (state === 'not-done') continue;
				if (state === 'open') this.#ledger.tryAgain(id);
				for (const alert of this.#book.open()) {
					if (alert.kind === 'visit-not-done' && alert.visit === id) this.#book.endOf(alert.id);
				}
			}
		} catch (error) {
			this.#options.log.error({ reason: messageOf(error) }, 'the records of visits could not be read');
		}
	}

	#isNotDone(visit: number): boolean {
		return (
			this.#ledger.entry(visit)?.state === 'not-done' ||
			this.#book.open().some((alert) => alert.kind === 'visit-not-done' && alert.visit === visit)
		);
	}
}
