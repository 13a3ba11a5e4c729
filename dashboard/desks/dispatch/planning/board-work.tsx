/** The timeline of a plan, the map beside it, and the hand that changes it. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { DraftDay, PlanBoard } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useServiceNow } from '../../../shared/live/live-context.tsx';
import { isTyping } from '../frame/shortcuts.ts';
import { placeOf, type Target } from '../timeline/aim.ts';
import { findVisit, type TimelineData } from '../timeline/model.ts';
import type { TimelineEditing, TimelineSelection } from '../timeline/props.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { ConsequenceBubble } from './consequence-bubble.tsx';
import { DayTabs } from './day-tabs.tsx';
import { dayWords, lastDay } from './days.ts';
import { EditNotice } from './edit-notice.tsx';
import type { SentenceWords } from './sentences.ts';
import { SidePanel, type SideActions, type SideTab } from './side-panel.tsx';
import { useShownDay, useTimelineOf } from './use-day.ts';
import { useEditing } from './use-editing.ts';
import { usePlanNames, type PlanNames } from './use-names.ts';

const BoardMap = lazy(() => import('./board-map.tsx'));

type View = 'timeline' | 'map' | 'both';
const views: readonly View[] = ['timeline', 'map', 'both'];
/** So long a visit is held over a day before the plan turns to it, ms. */
const turnAfter = 450;

export function BoardWork({ board, take }: { board: PlanBoard; take: (board: PlanBoard) => void }) {
	const { t, language } = useTexts();
	const { day } = useShownDay(board);
	const period = { from: board.options.from, until: lastDay(board.options) };
	const names = usePlanNames(period, day?.draft.doctors ?? noDoctors);
	const several = board.days.length > 1;
	const words = useMemo(
		(): SentenceWords => ({ t, language, names, day: (date) => (several ? dayWords(date, language) : '') }),
		[t, language, names, several],
	);
	if (day === null) return <p className="plan-blank quiet">{t('planning.board.empty')}</p>;
	return <Work board={board} day={day} take={take} names={names} words={words} />;
}

const noDoctors: [] = [];

interface WorkProps {
	board: PlanBoard;
	day: DraftDay;
	take: (board: PlanBoard) => void;
	names: PlanNames;
	words: SentenceWords;
}

function Work({ board, day, take, names, words }: WorkProps) {
	const { t, language } = useTexts();
	const { date } = day;
	const data = useTimelineOf(day)!;
	const now = useServiceNow(30_000);
	const [selection, setSelection] = useState<TimelineSelection | null>(null);
	const [tab, setTab] = useState<SideTab>('measures');
	const [view, setView] = useState<View>('timeline');
	const select = useCallback(
		(next: TimelineSelection | null) => {
			setSelection(next);
			const spare = next?.kind === 'visit' && data.unassigned.some(({ visit }) => visit === next.visit);
			if (next !== null) setTab((before) => (before === 'unassigned' && spare ? before : 'selected'));
		},
		[data],
	);
	const canEdit = board.published === null;
	const { hand, turn, editing, actions } = useHandOnDay({ board, day, data, take, words, canEdit, select });
	const pinned = useMemo(() => new Set(board.pinned), [board.pinned]);
	const locked = useMemo(
		() => new Set(board.locked.filter((one) => one.date === date).map(({ vehicle }) => vehicle)),
		[board.locked, date],
	);
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
		if (hand.aim?.by === 'keyboard' && (event.key === 'PageUp' || event.key === 'PageDown')) {
			const at = board.days.findIndex((one) => one.date === date) + (event.key === 'PageUp' ? -1 : 1);
			const next = board.days[at];
			if (next !== undefined) turn(next.date);
		} else if (canEdit && event.key === 'p' && selection?.kind === 'visit' && findVisit(data, selection.visit) !== null) {
			actions.pin(selection.visit, !pinned.has(selection.visit));
		} else if (canEdit && event.key === 'l' && selection?.kind === 'vehicle') {
			actions.lock(selection.vehicle, !locked.has(selection.vehicle));
		} else return;
		event.preventDefault();
	};
	const common = { data, names, selection };
	return (
		<div className={`work work-${view}`} onKeyDown={onKeyDown}>
			<WorkBar board={board} date={date} view={view} onView={setView} onTurn={turn} hand={canEdit ? hand : null} />
			{hand.notice !== null && <EditNotice notice={hand.notice} words={words} onClose={hand.dismiss} />}
			<div className="work-main">
				{view !== 'timeline' && (
					<Suspense fallback={<p className="plan-blank quiet">{t('map.loading')}</p>}>
						<BoardMap data={data} day={day} selection={selection} onSelect={select} />
					</Suspense>
				)}
				{view !== 'map' && (
					<Timeline
						{...common}
						label={t('planning.board.label', { day: dayWords(date, language) })}
						mode="plan"
						now={now}
						onSelect={select}
						pinned={pinned}
						locked={locked}
						{...(editing !== undefined && { editing })}
					/>
				)}
			</div>
			<SidePanel {...common} {...{ board, day, words, tab, canEdit, actions }} onTab={setTab} />
		</div>
	);
}

interface HandOptions {
	board: PlanBoard;
	day: DraftDay;
	data: TimelineData;
	take: (board: PlanBoard) => void;
	words: SentenceWords;
	canEdit: boolean;
	select: (selection: TimelineSelection) => void;
}

/** Nearer than this to where a visit is, it was let go where it was taken, ms. */
const unmoved = 3 * 60_000;

/** The hand over the day that is shown: what the timeline needs to carry a visit, and what buttons and keys do. */
function useHandOnDay({ board, day: { date }, data, take, words, canEdit, select }: HandOptions) {
	const { show } = useShownDay(board);
	const hand = useEditing({ board, date, take });
	const { aim, preview, aimAt, edit, undo, redo } = hand;
	const turn = (to: string) => {
		show(to);
		// What was aimed at lies on the other day: the same van there, at its end.
		if (aim?.by === 'keyboard' && aim.target?.kind === 'lane') aimAt({ ...aim, target: { ...aim.target, before: null, at: null } });
	};
	const over = useTurning(turn, date);
	useUndoKeys(canEdit ? () => void undo() : null, canEdit ? () => void redo() : null);
	const actions: SideActions = {
		pin: (visit, on) => void edit({ type: 'pin', visit, pinned: on }),
		lock: (vehicle, on) => void edit({ type: 'lock', date, vehicle, locked: on }),
		carry: (visit) => aimAt({ visit, by: 'keyboard', target: placeOf(data, visit) }),
		takeOut: (visit) => void edit({ type: 'move', visit, to: null }),
		select,
	};
	const editing: TimelineEditing = {
		aim,
		ghost: preview.state === 'known' && preview.consequence.possible ? preview.consequence.route : null,
		forbidden: preview.state === 'refused' || (preview.state === 'known' && !preview.consequence.possible),
		bubble: aim === null ? null : <ConsequenceBubble aim={aim} preview={preview} busy={hand.busy} words={words} />,
		onAim: aimAt,
		onDrop: (visit, target) => hand.drop(visit, staysWhereItIs(data, visit, target) ? null : target),
		onCancel: hand.cancel,
		onPass: over,
	};
	return { hand, turn, actions, editing: canEdit ? editing : undefined };
}

function staysWhereItIs(data: TimelineData, visit: number, target: Target | null): boolean {
	const own = findVisit(data, visit);
	if (target === null || own === null) return target?.kind !== 'lane';
	if (target.kind === 'tray' || target.vehicle !== own.lane.vehicle || placeOf(data, visit)?.before !== target.before) return false;
	return Math.abs((target.at ?? own.visit.from) - own.visit.from) < unmoved;
}

interface BarProps {
	board: PlanBoard;
	date: string;
	view: View;
	onView: (view: View) => void;
	onTurn: (date: string) => void;
	/** Null: nothing can be changed. */
	hand: ReturnType<typeof useEditing> | null;
}

function WorkBar({ board, date, view, onView, onTurn, hand }: BarProps) {
	const { t } = useTexts();
	return (
		<div className="work-bar">
			<DayTabs days={board.days} shown={date} onShow={onTurn} />
			<div className="segments" role="group" aria-label={t('planning.board.view')}>
				{views.map((name) => (
					<button key={name} type="button" aria-pressed={view === name} onClick={() => onView(name)}>
						{t(`planning.board.${name}`)}
					</button>
				))}
			</div>
			{hand !== null && (
				<div className="undo">
					<button type="button" disabled={board.undo === 0 || hand.busy} onClick={() => void hand.undo()} title="Ctrl+Z">
						{t('planning.board.undo')}
					</button>
					<button type="button" disabled={board.redo === 0 || hand.busy} onClick={() => void hand.redo()} title="Ctrl+Shift+Z">
						{t('planning.board.redo')}
					</button>
					<details className="key-help">
						<summary>{t('planning.board.keys')}</summary>
						<p>{t('planning.board.help')}</p>
					</details>
				</div>
			)}
		</div>
	);
}

/** Turns to the day over which something is held. */
function useTurning(turn: (date: string) => void, shown: string): (under: Element | null) => void {
	const waiting = useRef<{ date: string; timer: ReturnType<typeof setTimeout> } | null>(null);
	const stop = () => {
		clearTimeout(waiting.current?.timer);
		waiting.current = null;
	};
	useEffect(() => () => clearTimeout(waiting.current?.timer), []);
	return (under) => {
		const date = under?.closest<HTMLElement>('[data-day]')?.dataset['day'];
		if (date === waiting.current?.date) return;
		stop();
		if (date === undefined || date === shown) return;
		const timer = setTimeout(() => {
			waiting.current = null;
			turn(date);
		}, turnAfter);
		waiting.current = { date, timer };
	};
}

function useUndoKeys(undo: (() => void) | null, redo: (() => void) | null): void {
	const newest = useRef({ undo, redo });
	newest.current = { undo, redo };
	useEffect(() => {
		const onKey = (event: globalThis.KeyboardEvent) => {
			if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
			const key = event.key.toLowerCase();
			const act = key === 'y' || (key === 'z' && event.shiftKey) ? newest.current.redo : key === 'z' ? newest.current.undo : null;
			if (act === null || document.querySelector('dialog[open]') !== null) return;
			event.preventDefault();
			act();
		};
		window.addEventListener('keydown', onKey);
		return () => window.removeEventListener('keydown', onKey);
	}, []);
}
