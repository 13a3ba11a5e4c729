/**
 * Calendars of the doctors, each below a secret address: consults of the published plans, with van and town, never with a patient. A
 * consult that a later plan drops, or gives to another doctor, stays as a cancelled event, so that calendars which hold it take it out.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { CalendarDate, CalendarFeed, PublishedPlan } from '@junkai/contracts';
import type { Logger } from 'pino';
import type { ServiceClock } from '../clock.ts';
import type { Publications } from '../day/publications.ts';
import { FleetServerError, messageOf } from '../errors.ts';
import type { Records } from '../registry/index.ts';
import { icalendar, type CalendarEvent } from './icalendar.ts';

export interface CalendarsOptions {
	readonly database: DatabaseSync;
	readonly publications: Publications;
	readonly records: Records;
	readonly clock: ServiceClock;
	readonly log: Logger;
}

/** A consult as the plan of a day has it. */
interface Consult {
	readonly visit: number;
	readonly doctor: number;
	readonly starts: number;
	readonly ends: number;
	readonly vehicle: string;
	readonly town: string;
}

/** Events of so many days past stay in a calendar. */
const PAST_DAYS = 60;
const DAY_MS = 86_400_000;

export class Calendars {
	readonly #options: CalendarsOptions;

	constructor(options: CalendarsOptions) {
		this.#options = options;
		const { publications, clock, records } = options;
		publications.on('published', ({ revision, days }) => this.#take(revision, days));
		// What was published while this program was not there to hear it.
		const today = records.calendar.dateOf(clock.now());
		this.#take(publications.newest ?? 0, publications.daysFrom(today));
	}

	/** Doctors who have an address. */
	list(): CalendarFeed[] {
		const rows = this.#options.database
			.prepare('SELECT doctor, created, created_by, used FROM calendar_feeds ORDER BY doctor')
			.all();
		return rows.map(({ doctor, created, created_by: by, used }) => ({
			doctor: Number(doctor),
			created: Number(created),
			createdBy: String(by),
			used: used === null || used === undefined ? null : Number(used),
		}));
	}

	/** Makes an address; the one before ends. Null: there is no such doctor. The secret is not kept, only its hash. */
	async create(doctor: number, by: string): Promise<{ feed: CalendarFeed; token: string } | null> {
		const { database, records, clock, log } = this.#options;
		if ((await records.doctors.get(doctor)) === null) return null;
		const token = randomBytes(32).toString('base64url');
		const created = Math.round(clock.now());
		database
			.prepare('INSERT OR REPLACE INTO calendar_feeds (doctor, token_hash, created, created_by, used) VALUES (?, ?, ?, ?, NULL)')
			.run(doctor, hashOf(token), created, by);
		log.info({ doctor, by }, 'the address of a calendar was made');
		return { feed: { doctor, created, createdBy: by, used: null }, token };
	}

	/** False: there was none. */
	revoke(doctor: number, by: string): boolean {
		const { changes } = this.#options.database.prepare('DELETE FROM calendar_feeds WHERE doctor = ?').run(doctor);
		if (Number(changes) > 0) this.#options.log.info({ doctor, by }, 'the address of a calendar was ended');
		return Number(changes) > 0;
	}

	/** The calendar of an address, as text; null when the address is not known (any more). Logs a failure without the address. */
	async calendar(token: string): Promise<string | null> {
		try {
			return await this.#calendar(token);
		} catch (error) {
			this.#options.log.error({ reason: messageOf(error) }, 'a calendar could not be made');
			throw new FleetServerError('unfit', 'The calendar cannot be made now.');
		}
	}

	async #calendar(token: string): Promise<string | null> {
		const { database, records } = this.#options;
		const hash = hashOf(token);
		const row = database.prepare('SELECT doctor FROM calendar_feeds WHERE token_hash = ?').get(hash);
		if (!row) return null;
		database.prepare('UPDATE calendar_feeds SET used = ? WHERE token_hash = ?').run(Date.now(), hash);
		const doctor = await records.doctors.get(Number(row['doctor']));
		if (!doctor) return null;
		const events = await this.#eventsOf(doctor.id);
		return icalendar({ name: doctor.name.ja, timeZone: records.calendar.timeZone, region: records.facts.region.id, events });
	}

	async #eventsOf(doctor: number): Promise<CalendarEvent[]> {
		const { database, records, clock } = this.#options;
		const since = records.calendar.dateOf(clock.now() - PAST_DAYS * DAY_MS);
		const rows = database
			.prepare('SELECT * FROM calendar_events WHERE doctor = ? AND date >= ? ORDER BY starts, visit')
			.all(doctor, since);
		const visits = await records.visits.find(rows.map(({ visit }) => Number(visit)));
		const off = new Map(
			visits.map(({ id, state, updated }) => [id, state === 'cancelled' || state === 'not-done' ? updated : null]),
		);
		const fleet = new Map((await records.fleet.all()).map(({ vehicle, name }) => [vehicle, name]));
		return rows.map((row): CalendarEvent => {
			const visit = Number(row['visit']);
			const [revision, changed, cancelled] = [Number(row['revision']), Number(row['changed']), row['cancelled'] === 1];
			// Given up by a person before any plan was changed for it.
			const given = cancelled ? null : (off.get(visit) ?? null);
			return {
				id: `visit-${visit}-doctor-${doctor}`,
				sequence: 2 * revision + (given === null ? 0 : 1),
				changed: given ?? changed,
				starts: Number(row['starts']),
				ends: Number(row['ends']),
				vehicle: fleet.get(String(row['vehicle'])) ?? String(row['vehicle']),
				town: String(row['town']),
				cancelled: cancelled || given !== null,
			};
		});
	}

	/** Brings the events of days to what their plans say now. */
	#take(revision: number, days: readonly CalendarDate[]): void {
		const { database, publications, log } = this.#options;
		try {
			for (const date of days) {
				const plan = publications.planOf(date);
				if (plan) this.#takeDay(date, consultsOf(plan, date, this.#options.records), revision);
			}
		} catch (error) {
			// A calendar must not keep a plan from being published; the next one brings it up to date.
			if (database.isTransaction) database.exec('ROLLBACK');
			log.error({ revision, reason: messageOf(error) }, 'calendars could not be brought up to date');
		}
	}

	#takeDay(date: CalendarDate, consults: readonly Consult[], revision: number): void {
		const { database, clock } = this.#options;
		const now = Math.round(clock.now());
		const known = database.prepare('SELECT * FROM calendar_events WHERE date = ?').all(date);
		const find = database.prepare('SELECT * FROM calendar_events WHERE visit = ? AND doctor = ?');
		const save = database.prepare(
			`INSERT OR REPLACE INTO calendar_events (visit, doctor, date, starts, ends, vehicle, town, revision, changed, cancelled)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
		);
		const cancel = database.prepare(
			'UPDATE calendar_events SET cancelled = 1, revision = ?, changed = ? WHERE visit = ? AND doctor = ? AND cancelled = 0',
		);
		database.exec('BEGIN IMMEDIATE');
		for (const { visit, doctor, starts, ends, vehicle, town } of consults) {
			const before = find.get(visit, doctor);
			const same =
				before?.['cancelled'] === 0 &&
				before['starts'] === starts &&
				before['ends'] === ends &&
				before['vehicle'] === vehicle &&
				before['town'] === town;
			if (!same) save.run(visit, doctor, date, starts, ends, vehicle, town, revision, now);
		}
		const kept = new Set(consults.map(({ visit, doctor }) => `${visit} ${doctor}`));
		for (const row of known) {
			const [visit, doctor] = [Number(row['visit']), Number(row['doctor'])];
			if (!kept.has(`${visit} ${doctor}`)) cancel.run(revision, now, visit, doctor);
		}
		database.exec('COMMIT');
	}
}

function consultsOf({ routes }: PublishedPlan, date: CalendarDate, { calendar }: Records): Consult[] {
	return routes.flatMap(({ vehicle, stops }) =>
		stops.flatMap(({ municipality, visits }) =>
			visits.flatMap(({ visit, consult }): Consult[] => {
				if (!consult || calendar.dateOf(consult.from) !== date) return [];
				const { doctor, from: starts, to: ends } = consult;
				return [{ visit, doctor, starts, ends, vehicle, town: municipality?.ja ?? '' }];
			}),
		),
	);
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
