/** Plans in the making on disk: what each is, and each of its states from the first to the last edit. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { planBoardSummary, planEdit, planMeasures, type PlanEdit, type PlanMeasures } from '@junkai/contracts';
import { inTransaction } from '../store/transaction.ts';

/** Kept unpublished ones; and published ones, of which the plan itself stays with the publications. */
const KEEP = 100;
const KEEP_PUBLISHED = 200;
/** Edits that can be undone. */
const KEEP_STATES = 50;

/** What of a summary is stored with the board; the rest belongs to its states. */
export const boardFacts = planBoardSummary
	.omit({ measures: true, pinned: true, locked: true, undo: true, redo: true })
	.extend({ reason: z.string(), state: z.int().min(0).nullable().meta({ description: 'Place of the state that is shown.' }) });
export type BoardFacts = z.infer<typeof boardFacts>;

const stateFacts = z.object({
	edit: planEdit.nullable(),
	by: z.string(),
	at: z.number(),
	pinned: planBoardSummary.shape.pinned,
	locked: planBoardSummary.shape.locked,
	measures: planMeasures,
});
/** One state of a board: as it was made (`edit` null), or after an edit. */
export interface StateFacts {
	readonly edit: PlanEdit | null;
	readonly by: string;
	readonly at: number;
	readonly pinned: readonly number[];
	readonly locked: readonly { readonly date: string; readonly vehicle: string }[];
	readonly measures: PlanMeasures;
}

/** Packed texts of a state. */
export interface StateBodies {
	readonly solution: Uint8Array;
	readonly days: Uint8Array;
}

export interface BoardStore {
	/** Newest first; those that this program cannot read are passed over. */
	list(): BoardFacts[];
	save(board: BoardFacts): void;
	saveFrame(board: string, frame: Uint8Array): void;
	frame(board: string): Uint8Array | null;
	/** Drops what comes after a place and puts a state there; the oldest goes when there are too many. */
	putState(board: string, place: number, facts: StateFacts, bodies: StateBodies): void;
	state(board: string, place: number): StateFacts | null;
	bodies(board: string, place: number): StateBodies | null;
	/** First and last place of a board's states. */
	places(board: string): { readonly first: number; readonly last: number } | null;
	remove(board: string): void;
	/** Boards that are too many now, oldest first; published ones count for themselves. */
	surplus(): string[];
}

export function boardStore(database: DatabaseSync): BoardStore {
	const all = database.prepare('SELECT body FROM plan_boards ORDER BY created DESC, rowid DESC');
	const upsert = database.prepare(
		`INSERT INTO plan_boards (id, created, published, body) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET published = excluded.published, body = excluded.body`,
	);
	const setFrame = database.prepare('UPDATE plan_boards SET frame = ? WHERE id = ?');
	const getFrame = database.prepare('SELECT frame FROM plan_boards WHERE id = ?');
	const forgetLater = database.prepare('DELETE FROM plan_board_states WHERE board = ? AND place >= ?');
	const forgetEarlier = database.prepare('DELETE FROM plan_board_states WHERE board = ? AND place <= ?');
	const insert = database.prepare('INSERT INTO plan_board_states (board, place, body, solution, days) VALUES (?, ?, ?, ?, ?)');
	const factsOf = database.prepare('SELECT body FROM plan_board_states WHERE board = ? AND place = ?');
	const bodiesOf = database.prepare('SELECT solution, days FROM plan_board_states WHERE board = ? AND place = ?');
	const bounds = database.prepare('SELECT min(place) AS first, max(place) AS last FROM plan_board_states WHERE board = ?');
	const drop = database.prepare('DELETE FROM plan_boards WHERE id = ?');
	const beyond = database.prepare(
		`SELECT id FROM (SELECT id, created, rowid AS place, row_number() OVER (PARTITION BY published IS NULL ORDER BY created DESC, rowid DESC) AS nth,
		CASE WHEN published IS NULL THEN ? ELSE ? END AS most FROM plan_boards) WHERE nth > most ORDER BY created, place`,
	);
	return {
		list: () =>
			all.all().flatMap((row) => {
				const parsed = boardFacts.safeParse(JSON.parse(String(row['body'])));
				return parsed.success ? [parsed.data] : [];
			}),
		save(board) {
			upsert.run(board.id, board.created, board.published, JSON.stringify(board));
		},
		saveFrame(board, frame) {
			setFrame.run(frame, board);
		},
		frame: (board) => (getFrame.get(board)?.['frame'] as Uint8Array | null | undefined) ?? null,
		putState(board, place, facts, { solution, days }) {
			inTransaction(database, () => {
				forgetLater.run(board, place);
				insert.run(board, place, JSON.stringify(facts), solution, days);
				forgetEarlier.run(board, place - KEEP_STATES - 1);
			});
		},
		state(board, place) {
			const row = factsOf.get(board, place);
			const parsed = row && stateFacts.safeParse(JSON.parse(String(row['body'])));
			return parsed?.success ? parsed.data : null;
		},
		bodies(board, place) {
			const row = bodiesOf.get(board, place);
			return row ? { solution: row['solution'] as Uint8Array, days: row['days'] as Uint8Array } : null;
		},
		places(board) {
			const row = bounds.get(board);
			if (row === undefined || row['first'] === null) return null;
			return { first: Number(row['first']), last: Number(row['last']) };
		},
		remove(board) {
			drop.run(board);
		},
		surplus: () => beyond.all(KEEP, KEEP_PUBLISHED).map((row) => String(row['id'])),
	};
}
