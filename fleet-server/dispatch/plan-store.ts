/** Published plans and how far the vans have come on the one that holds. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { publishedPlan, type PlanDraft, type PublishedPlan, type RouteProgress } from '@junkai/contracts';

/** Older plans are kept for so many revisions. */
const KEEP = 50;

export interface PlanStore {
	/** The newest plan, progress and all; null when there is none, or none that this program can read. */
	current(): PublishedPlan | null;
	publish(draft: PlanDraft, by: string): PublishedPlan;
	saveProgress(plan: string, progress: RouteProgress): void;
}

export function planStore(database: DatabaseSync): PlanStore {
	const newest = database.prepare('SELECT revision, body FROM plans ORDER BY revision DESC LIMIT 1');
	const insert = database.prepare('INSERT INTO plans (id, revision, published, published_by, body) VALUES (?, ?, ?, ?, ?)');
	const forget = database.prepare('DELETE FROM plans WHERE revision <= ?');
	const progressOf = database.prepare('SELECT vehicle, next, reached FROM plan_progress WHERE plan = ?');
	const upsert = database.prepare(
		`INSERT INTO plan_progress (plan, vehicle, next, reached) VALUES (?, ?, ?, ?)
		ON CONFLICT (plan, vehicle) DO UPDATE SET next = excluded.next, reached = excluded.reached`,
	);
	return {
		current() {
			const row = newest.get();
			if (row === undefined) return null;
			const parsed = publishedPlan.safeParse(JSON.parse(String(row['body'])));
			if (!parsed.success) return null;
			const plan = parsed.data;
			const progress = new Map(progressOf.all(plan.id).map((one) => [String(one['vehicle']), one]));
			return {
				...plan,
				routes: plan.routes.map((route) => {
					const saved = progress.get(route.vehicle);
					const next = Number(saved?.['next'] ?? route.next);
					return saved === undefined ? route : { ...route, next, reached: saved['reached'] === 1 };
				}),
			};
		},
		publish(draft, by) {
			const revision = Number(newest.get()?.['revision'] ?? 0) + 1;
			const plan: PublishedPlan = { ...draft, id: randomUUID(), revision, published: Date.now() };
			insert.run(plan.id, revision, plan.published, by, JSON.stringify(plan));
			forget.run(revision - KEEP);
			return plan;
		},
		saveProgress(plan, { vehicle, next, reached }) {
			upsert.run(plan, vehicle, next, reached ? 1 : 0);
		},
	};
}
