/** How today stands, as this browser knows it: fetched whole, then kept up by the live channel. */
import type {
	Alert,
	DayBoard,
	LiveMessage,
	Publication,
	PublishedPlan,
	RouteProgress,
	VehicleEstimate,
	VisitState,
} from '@junkai/contracts';

export interface DayState {
	phase: 'loading' | 'ready' | 'failed';
	/** Day of the service, `2026-11-24`; null until it is known. */
	date: string | null;
	/** The plan that holds today; null when none was published. */
	plan: PublishedPlan | null;
	publication: Publication | null;
	estimates: ReadonlyMap<string, VehicleEstimate>;
	alerts: readonly Alert[];
	/** States of the visits of today's plan. */
	visits: ReadonlyMap<number, VisitState>;
}

const nothing: DayState = {
	phase: 'loading',
	date: null,
	plan: null,
	publication: null,
	estimates: new Map(),
	alerts: [],
	visits: new Map(),
};

/** Screens are told at most this often, ms: a day at sixty times its speed changes more often than anyone can read. */
const tellEvery = 250;

/** The plan with vans further on their way. */
export function advanced(plan: PublishedPlan, moves: ReadonlyMap<string, RouteProgress>): PublishedPlan {
	if (moves.size === 0) return plan;
	const routes = plan.routes.map((route) => {
		const move = moves.get(route.vehicle);
		return move === undefined || move.next >= route.stops.length ? route : { ...route, next: move.next, reached: move.reached };
	});
	return { ...plan, routes };
}

export class DayStore {
	private state: DayState = nothing;
	private readonly listeners = new Set<() => void>();
	private timer: ReturnType<typeof setTimeout> | null = null;
	private estimates = new Map<string, VehicleEstimate>();
	private alerts = new Map<string, Alert>();
	private visits = new Map<number, VisitState>();
	/** What came live since the last whole picture was asked for is newer than it. */
	private fresh = { alerts: new Set<string>(), visits: new Map<number, VisitState>() };
	private moves = new Map<string, RouteProgress>();
	/** Moves since the last whole picture was asked for. */
	private late = new Map<string, RouteProgress>();
	private asked = 0;

	subscribe = (listener: () => void): (() => void) => {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	};
	snapshot = (): DayState => this.state;

	/** Call before the day is fetched. @returns what to hand to {@link loaded} or {@link failed} */
	beginLoad(): number {
		this.fresh = { alerts: new Set(), visits: new Map() };
		this.late = new Map();
		return ++this.asked;
	}

	/** An answer that was overtaken by a newer question says nothing. */
	loaded(turn: number, board: DayBoard): void {
		if (turn !== this.asked) return;
		const live = this.alerts;
		this.alerts = new Map(board.alerts.map((alert) => [alert.id, alert]));
		for (const id of this.fresh.alerts) {
			const alert = live.get(id);
			if (alert !== undefined) this.alerts.set(id, alert);
		}
		const known = this.estimates;
		this.estimates = new Map(board.estimates.map((estimate) => [estimate.vehicle, estimate]));
		for (const [vehicle, estimate] of known) {
			const loaded = this.estimates.get(vehicle);
			if (loaded !== undefined && loaded.computed < estimate.computed) this.estimates.set(vehicle, estimate);
		}
		this.visits = new Map(board.visits.map(({ visit, state }) => [visit, state]));
		for (const [visit, state] of this.fresh.visits) if (this.visits.has(visit)) this.visits.set(visit, state);
		this.moves = new Map();
		const plan = board.plan === null ? null : advanced(board.plan, this.late);
		this.state = { ...this.state, phase: 'ready', date: board.date, plan, publication: board.publication };
		this.tell();
	}

	/** What was known stays when there is no answer. */
	failed(turn: number): void {
		if (turn !== this.asked) return;
		if (this.state.phase !== 'ready') this.state = { ...this.state, phase: 'failed' };
		this.tell();
	}

	/** States of visits as they were fetched one by one. */
	visitIs(visit: number, state: VisitState): void {
		this.fresh.visits.set(visit, state);
		if (!this.visits.has(visit)) return;
		this.visits.set(visit, state);
		this.tellSoon();
	}

	take(message: LiveMessage): void {
		if (message.type === 'estimate') this.estimates.set(message.estimate.vehicle, message.estimate);
		else if (message.type === 'alert') {
			this.fresh.alerts.add(message.alert.id);
			this.alerts.set(message.alert.id, message.alert);
		} else if (message.type === 'publication') {
			const holds = this.state.publication?.revision ?? 0;
			const today = this.state.date !== null && message.publication.days.includes(this.state.date);
			if (message.publication.revision < holds || !today) return;
			this.state = { ...this.state, publication: message.publication };
		} else if (message.type === 'progress') {
			this.moves.set(message.progress.vehicle, message.progress);
			this.late.set(message.progress.vehicle, message.progress);
		} else return;
		this.tellSoon();
	}

	private tellSoon(): void {
		this.timer ??= setTimeout(() => this.tell(), tellEvery);
	}
	private tell(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = null;
		const { plan } = this.state;
		this.state = {
			...this.state,
			plan: plan === null ? null : advanced(plan, this.moves),
			estimates: new Map(this.estimates),
			alerts: [...this.alerts.values()],
			visits: new Map(this.visits),
		};
		this.moves = new Map();
		for (const listener of this.listeners) listener();
	}
}
