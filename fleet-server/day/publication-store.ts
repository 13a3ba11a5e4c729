/** Publications, the plans that they made to hold, how far vans have come on them, and who got which manifest. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import {
	planDraft,
	type CalendarDate,
	type PlanDraft,
	type Publication,
	type PublishedPlan,
	type RouteProgress,
	type VehicleId,
} from '@junkai/contracts';
import { inTransaction } from '../store/transaction.ts';
import { carriedBefore, digestOf } from './route-digest.ts';

/** Plans that another one has replaced are kept for so many publications. */
const KEEP_REPLACED = 50;
const LISTED = 100;

export interface NewPublication {
	readonly published: number;
	readonly by: string;
	readonly note: string;
	readonly board: string | null;
	readonly mend: boolean;
	/** One draft may hold for several days: a night's shift. */
	readonly plans: readonly { readonly dates: readonly CalendarDate[]; readonly draft: PlanDraft }[];
}

/** The manifest that a van is to have for a day: that of the publication which last changed its route. */
export interface ManifestState {
	readonly revision: number;
	readonly sent: number | null;
	readonly received: number | null;
}

export interface PublicationStore {
	/** Revision of the newest publication; 0 when there is none. */
	newest(): number;
	/** The plan that holds for a day, progress and all; null when there is none, or none that this program can read. */
	planOf(date: CalendarDate): PublishedPlan | null;
	/** The plan that a publication had for a day, as it was published; null when it is not kept any more. */
	planAt(date: CalendarDate, revision: number): PlanDraft | null;
	/** Days from this one on that have a plan, in order. */
	daysFrom(date: CalendarDate): CalendarDate[];
	/** All at once or not at all. Returns its revision. */
	publish(publication: NewPublication): number;
	saveProgress(plan: string, progress: RouteProgress): void;
	publication(revision: number): Publication | null;
	/** Newest first. */
	list(): Publication[];
	manifest(date: CalendarDate, vehicle: VehicleId): ManifestState | null;
	sent(date: CalendarDate, vehicle: VehicleId, at: number): void;
	/** A van has a manifest. Returns the publications that it concerns; empty when it is no news. */
	received(date: CalendarDate, vehicle: VehicleId, revision: number, at: number): number[];
	/** Vehicles that ever had a route on a day. */
	vehiclesOf(date: CalendarDate): VehicleId[];
}

type Row = Record<string, SQLOutputValue>;
const numberOrNull = (value: SQLOutputValue | undefined): number | null => (value === null ? null : Number(value));

export function publicationStore(database: DatabaseSync): PublicationStore {
	const newest = database.prepare('SELECT max(revision) AS revision FROM publications');
	const plan = database.prepare(
		`SELECT p.id, p.revision, p.body, u.published FROM published_days d JOIN published_plans p ON p.id = d.plan
		JOIN publications u ON u.revision = d.revision WHERE d.date = ? ORDER BY d.revision DESC LIMIT 1`,
	);
	const past = database.prepare(
		'SELECT p.body FROM published_days d JOIN published_plans p ON p.id = d.plan WHERE d.date = ? AND d.revision = ?',
	);
	const days = database.prepare('SELECT DISTINCT date FROM published_days WHERE date >= ? ORDER BY date');
	const progressOf = database.prepare('SELECT vehicle, next, reached FROM route_progress WHERE plan = ?');
	const upsert = database.prepare(
		`INSERT INTO route_progress (plan, vehicle, next, reached) VALUES (?, ?, ?, ?)
		ON CONFLICT (plan, vehicle) DO UPDATE SET next = excluded.next, reached = excluded.reached`,
	);
	const manifest = database.prepare(
		`SELECT m.revision, m.sent, m.received FROM published_routes r JOIN manifests m
		ON m.revision = r.manifest AND m.date = r.date AND m.vehicle = r.vehicle
		WHERE r.date = ? AND r.vehicle = ? ORDER BY r.revision DESC LIMIT 1`,
	);
	const send = database.prepare(
		'UPDATE manifests SET sent = ? WHERE revision = ? AND date = ? AND vehicle = ? AND (sent IS NULL OR received IS NULL)',
	);
	const receive = database.prepare(
		'UPDATE manifests SET received = ?, sent = coalesce(sent, ?) WHERE revision = ? AND date = ? AND vehicle = ? AND received IS NULL',
	);
	const concerned = database.prepare('SELECT revision FROM published_routes WHERE date = ? AND vehicle = ? AND manifest = ?');
	const vehicles = database.prepare('SELECT DISTINCT vehicle FROM published_routes WHERE date = ? ORDER BY vehicle');
	const lists = publicationReader(database);
	const write = publicationWriter(database);

	const store: PublicationStore = {
		newest: () => Number(newest.get()?.['revision'] ?? 0),
		planOf(date) {
			const row = plan.get(date);
			if (row === undefined) return null;
			const parsed = planDraft.safeParse(JSON.parse(String(row['body'])));
			if (!parsed.success) return null;
			const id = String(row['id']);
			const progress = new Map(progressOf.all(id).map((one) => [String(one['vehicle']), one]));
			const routes = parsed.data.routes.map((route) => {
				const saved = progress.get(route.vehicle);
				return saved === undefined ? route : { ...route, next: Number(saved['next']), reached: saved['reached'] === 1 };
			});
			return { ...parsed.data, routes, id, revision: Number(row['revision']), published: Number(row['published']) };
		},
		planAt(date, revision) {
			const row = past.get(date, revision);
			return row === undefined ? null : (planDraft.safeParse(JSON.parse(String(row['body']))).data ?? null);
		},
		daysFrom: (date) => days.all(date).map((row) => String(row['date'])),
		publish: (publication) =>
			inTransaction(database, () => {
				const revision = store.newest() + 1;
				write(
					revision,
					publication,
					(date) => store.planOf(date),
					(date, vehicle) => store.manifest(date, vehicle),
				);
				return revision;
			}),
		saveProgress(id, { vehicle, next, reached }) {
			upsert.run(id, vehicle, next, reached ? 1 : 0);
		},
		publication: lists.one,
		list: lists.all,
		manifest(date, vehicle) {
			const row = manifest.get(date, vehicle);
			if (row === undefined) return null;
			return { revision: Number(row['revision']), sent: numberOrNull(row['sent']), received: numberOrNull(row['received']) };
		},
		sent(date, vehicle, at) {
			const state = store.manifest(date, vehicle);
			if (state !== null) send.run(at, state.revision, date, vehicle);
		},
		received(date, vehicle, revision, at) {
			if (receive.run(at, at, revision, date, vehicle).changes === 0) return [];
			return concerned.all(date, vehicle, revision).map((row) => Number(row['revision']));
		},
		vehiclesOf: (date) => vehicles.all(date).map((row) => String(row['vehicle'])),
	};
	return store;
}

/** Reads publications with their receipts. */
function publicationReader(database: DatabaseSync) {
	const columns = 'revision, published, published_by, note, board, mend';
	const one = database.prepare(`SELECT ${columns} FROM publications WHERE revision = ?`);
	const all = database.prepare(`SELECT ${columns} FROM publications ORDER BY revision DESC LIMIT ${LISTED}`);
	const days = database.prepare('SELECT DISTINCT date FROM published_days WHERE revision = ? ORDER BY date');
	// Of a publication of several days a van has one line: that of the day which was sent last.
	const receipts = database.prepare(
		`SELECT r.vehicle, max(r.changed) OVER (PARTITION BY r.vehicle) AS changed, m.sent, m.received FROM published_routes r
		LEFT JOIN manifests m ON m.revision = r.manifest AND m.date = r.date AND m.vehicle = r.vehicle
		WHERE r.revision = ? ORDER BY r.vehicle, m.sent IS NULL, r.date DESC`,
	);
	const read = (row: Row): Publication => {
		const revision = Number(row['revision']);
		const lines = new Map<VehicleId, Publication['receipts'][number]>();
		for (const line of receipts.all(revision)) {
			const vehicle = String(line['vehicle']);
			const [sent, received] = [numberOrNull(line['sent']), numberOrNull(line['received'])];
			if (!lines.has(vehicle)) lines.set(vehicle, { vehicle, changed: line['changed'] === 1, sent, received });
		}
		return {
			revision,
			published: Number(row['published']),
			by: String(row['published_by']),
			note: String(row['note']),
			board: row['board'] === null ? null : String(row['board']),
			mend: row['mend'] === 1,
			days: days.all(revision).map((line) => String(line['date'])),
			receipts: [...lines.values()],
		};
	};
	return {
		one: (revision: number): Publication | null => {
			const row = one.get(revision);
			return row === undefined ? null : read(row);
		},
		all: (): Publication[] => all.all().map(read),
	};
}

type Writer = (
	revision: number,
	publication: NewPublication,
	before: (date: CalendarDate) => PublishedPlan | null,
	manifest: (date: CalendarDate, vehicle: VehicleId) => ManifestState | null,
) => void;

/** Writes a publication; to be called in a transaction. */
function publicationWriter(database: DatabaseSync): Writer {
	const insert = database.prepare(
		'INSERT INTO publications (revision, published, published_by, note, board, mend) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const insertPlan = database.prepare('INSERT INTO published_plans (id, revision, body) VALUES (?, ?, ?)');
	const insertDay = database.prepare('INSERT INTO published_days (revision, date, plan) VALUES (?, ?, ?)');
	const insertRoute = database.prepare(
		'INSERT INTO published_routes (revision, date, vehicle, manifest, changed) VALUES (?, ?, ?, ?, ?)',
	);
	const insertManifest = database.prepare('INSERT INTO manifests (revision, date, vehicle) VALUES (?, ?, ?)');
	const forgetDays = database.prepare(
		`DELETE FROM published_days WHERE revision <= ?
		AND EXISTS (SELECT 1 FROM published_days later WHERE later.date = published_days.date AND later.revision > published_days.revision)`,
	);
	const forgetPlans = database.prepare('DELETE FROM published_plans WHERE id NOT IN (SELECT plan FROM published_days)');
	return (revision, { published, by, note, board, mend, plans }, before, manifest) => {
		insert.run(revision, published, by, note, board, mend ? 1 : 0);
		for (const { dates, draft } of plans) {
			const id = randomUUID();
			insertPlan.run(id, revision, JSON.stringify(draft));
			for (const date of dates) {
				const old = before(date);
				const digests = new Map((old?.routes ?? []).map((route) => [route.vehicle, digestOf(old!, route.vehicle)]));
				for (const vehicle of new Set([...draft.routes.map((route) => route.vehicle), ...carriedBefore(old)])) {
					const state = manifest(date, vehicle);
					const changed = state === null || digests.get(vehicle) !== digestOf(draft, vehicle);
					if (changed) insertManifest.run(revision, date, vehicle);
					insertRoute.run(revision, date, vehicle, changed ? revision : state.revision, changed ? 1 : 0);
				}
				insertDay.run(revision, date, id);
			}
		}
		forgetDays.run(revision - KEEP_REPLACED);
		forgetPlans.run();
	};
}
