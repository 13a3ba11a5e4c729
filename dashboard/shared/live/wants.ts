/** What the parts of a page want to hear, joined to the one subscription that the server keeps for a connection. */
import type { LiveKind, LiveRequest } from '@junkai/contracts';

export type Subscriptions = Extract<LiveRequest, { type: 'subscribe' }>['subscriptions'];

interface Want {
	subscriptions: Subscriptions;
	tell: (() => void) | undefined;
	/** The request, counted since the connection began, whose answer confirms it; null while none was sent. */
	sentWith: number | null;
}

interface Line {
	/** Whether the server has greeted on the connection that there is. */
	open(): boolean;
	send(subscriptions: Subscriptions): void;
}

/** One entry for each set of vehicles, with all that anybody wants of it. */
export function joined(all: readonly Subscriptions[]): Subscriptions {
	const kinds = new Map<string, { vehicles: Subscriptions[number]['vehicles']; kinds: Set<LiveKind> }>();
	for (const { vehicles, kinds: wanted } of all.flat()) {
		const key = JSON.stringify(vehicles);
		const entry = kinds.get(key) ?? { vehicles, kinds: new Set() };
		for (const kind of wanted) entry.kinds.add(kind);
		kinds.set(key, entry);
	}
	return [...kinds.values()].map((entry) => ({ vehicles: entry.vehicles, kinds: [...entry.kinds] }));
}

export class Wants {
	private readonly wants = new Set<Want>();
	private readonly line: Line;
	private held = '';
	private sent = 0;
	private answered = 0;
	private planned = false;

	constructor(line: Line) {
		this.line = line;
	}

	add(subscriptions: Subscriptions, tell?: () => void): () => void {
		const want: Want = { subscriptions, tell, sentWith: null };
		this.wants.add(want);
		this.plan();
		return () => {
			this.wants.delete(want);
			this.plan();
		};
	}

	/** A new connection holds nothing yet. */
	connected(): void {
		this.held = '';
		this.sent = 0;
		this.answered = 0;
		for (const want of this.wants) want.sentWith = null;
		this.flush(true);
	}

	/** The server has answered the oldest request that it had not answered. */
	confirmed(): void {
		this.answered++;
		for (const want of this.wants) if (want.sentWith === this.answered) want.tell?.();
	}

	/** A page that is left and the one that comes make one request together. */
	private plan(): void {
		if (this.planned) return;
		this.planned = true;
		queueMicrotask(() => {
			this.planned = false;
			this.flush(false);
		});
	}

	private flush(always: boolean): void {
		if (!this.line.open()) return;
		const subscriptions = joined([...this.wants].map((want) => want.subscriptions));
		const text = JSON.stringify(subscriptions);
		if (always || text !== this.held) {
			this.line.send(subscriptions);
			this.held = text;
			this.sent++;
		}
		for (const want of this.wants) {
			if (want.sentWith !== null) continue;
			want.sentWith = this.sent;
			if (this.answered >= this.sent) want.tell?.();
		}
	}
}
