/** The dispatcher's desk: who is late, who is alone, what needs a hand. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ClosedRoads, PublishedPlan } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useFleet, useLive, useServerNow, useServiceNow, useSubscription } from '../../../shared/live/live-context.tsx';
import { useRegion } from '../../../shared/map/use-region.ts';
import { currentScheme, onSchemeChange } from '../../../shared/ui/theme.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import { AlertsList } from './alerts-list.tsx';
import { byUrgency } from './attention.ts';
import { ClosuresList } from './closures-list.tsx';
import { useDay } from './day-context.tsx';
import { DayMap } from './day-map.tsx';
import { DrawTool } from './draw-tool.tsx';
import { FleetList } from './fleet-list.tsx';
import { IncidentPanel } from './incident-panel.tsx';
import { aboutOf, Inspector } from './inspector.tsx';
import { showOnMap } from './map-focus.ts';
import { changedRoutes, draftOf, marksOf } from './mend.ts';
import { MendPanel } from './mend-panel.tsx';
import { PendingNote } from './pending-note.tsx';
import { RainTool } from './rain-tool.tsx';
import { RoadsTool } from './roads-tool.tsx';
import { findVisit, routeViews, type RouteView } from './route-view.ts';
import { select, useSelection, type Selection } from './selection.ts';
import { openTool, useTool } from './tool.ts';
import { UnassignedList } from './unassigned-list.tsx';
import { useDrawing } from './use-drawing.ts';
import { useMend, type Mend } from './use-mend.ts';
import { useNames } from './use-names.ts';
import './day.css';
import './tools.css';

const TimelineStrip = lazy(() => import('./timeline-strip.tsx'));

const noViews: ReadonlyMap<string, RouteView> = new Map();
const noEdges: ReadonlySet<string> = new Set();
const closeTool = () => openTool(null);
const minute = 60_000;

export default function DayPage() {
	const { t } = useTexts();
	useSubscription([{ vehicles: '*', kinds: ['vehicle', 'position', 'event'] }]);
	const { region, places } = useRegion();
	const scheme = useSyncExternalStore(onSchemeChange, currentScheme);
	const { plan, estimates } = useDay();
	const wall = useServerNow(5000);
	const now = useServiceNow() ?? wall;
	const views = useMemo(() => (plan === null ? noViews : routeViews(plan, scheme, estimates)), [plan, scheme, estimates]);
	const selection = useFirstSelection();
	const van = useVanOf(selection, views);
	const tool = useTool();
	const { drawing, corner, ring, back } = useDrawing(tool === 'draw', closeTool);
	const [preview, setPreview] = useState<ClosedRoads | null>(null);
	const [edges, setEdges] = useState(noEdges);
	const mend = useMend(plan?.revision ?? null);
	const difference = useDifference(mend, plan, scheme);
	const [timeline, setTimeline] = useTimelineShown();
	useKeys(tool, () => setTimeline(!timeline));

	const right =
		tool === 'draw' ? (
			<DrawTool drawing={drawing} onRing={ring} onBack={back} now={now} />
		) : tool === 'rain' ? (
			<RainTool now={now} onPreview={setPreview} />
		) : tool === 'roads' ? (
			<RoadsTool region={region} now={now} onPreview={setEdges} />
		) : tool === 'incident' ? (
			<IncidentPanel views={views} now={now} />
		) : tool === 'mend' ? (
			<MendPanel mend={mend} />
		) : selection === null ? null : (
			<Inspector selection={selection} views={views} places={places} now={now} />
		);
	const shape = ['dispatch', right === null ? '' : 'dispatch-inspecting', plan !== null && timeline ? 'dispatch-timed' : ''];
	return (
		<main className={shape.filter((part) => part !== '').join(' ')}>
			<Left views={views} now={now} van={van} />
			<DayMap
				region={region}
				scheme={scheme}
				plan={plan}
				views={views}
				selection={selection}
				van={van}
				drawing={tool === 'draw' ? drawing : null}
				onCorner={corner}
				onRing={ring}
				preview={tool === 'rain' ? preview : null}
				edges={tool === 'roads' ? edges : noEdges}
				difference={difference}
				now={Math.floor(now / minute) * minute}
			/>
			{right !== null && <div className="dispatch-right">{right}</div>}
			{plan !== null && (
				<section className={timeline ? 'strip' : 'strip strip-folded'} aria-label={t('day.timeline')} data-testid="timeline">
					{timeline ? (
						<Suspense fallback={<p className="page-loading">{t('app.loading')}</p>}>
							<TimelineStrip
								plan={plan}
								estimates={estimates}
								scheme={scheme}
								now={now}
								selection={selection}
								marked={difference?.marked ?? null}
								onHide={() => setTimeline(false)}
							/>
						</Suspense>
					) : (
						<button type="button" className="strip-show" aria-expanded={false} onClick={() => setTimeline(true)}>
							{t('day.showTimeline')}
						</button>
					)}
				</section>
			)}
		</main>
	);
}

function Left({ views, now, van }: { views: ReadonlyMap<string, RouteView>; now: number; van: string | null }) {
	const { t } = useTexts();
	return (
		<div className="dispatch-left">
			<AlertsList now={now} />
			<PendingNote />
			<div className="left-actions">
				<button type="button" onClick={() => openTool('incident')}>
					{t('day.incident.open')}
				</button>
				<button type="button" onClick={() => openTool('mend')}>
					{t('day.mend.start')}
				</button>
			</div>
			<UnassignedList />
			<FleetList views={views} serviceNow={now} selected={van} />
			<ClosuresList now={now} />
		</div>
	);
}

const shownKey = 'junkai.timeline';

/** Whether the timeline is open; this browser remembers. A tablet begins with more map. */
function useTimelineShown(): [boolean, (shown: boolean) => void] {
	const [shown, setShown] = useState(() => {
		const stored = localStorage.getItem(shownKey);
		return stored === null ? window.innerHeight > 800 : stored === 'open';
	});
	return [
		shown,
		(next) => {
			localStorage.setItem(shownKey, next ? 'open' : 'closed');
			setShown(next);
		},
	];
}

/** At the start the van that most needs a look is open, so that the desk is never a blank form; an address that says what goes first. */
function useFirstSelection(): Selection | null {
	const selection = useSelection();
	const { vehicles } = useFleet();
	const { client } = useLive();
	const begun = useRef(selection !== null);
	useEffect(() => {
		if (begun.current || vehicles.length === 0) return;
		begun.current = true;
		const first = vehicles.toSorted(byUrgency(client.clock.now()))[0];
		if (first !== undefined) select({ kind: 'van', id: first.id });
	}, [vehicles, client]);
	return selection;
}

/** The van that a selection is about: its route is drawn out. */
function useVanOf(selection: Selection | null, views: ReadonlyMap<string, RouteView>): string | null {
	const { alerts } = useDay();
	const alert = selection?.kind === 'alert' ? alerts.find(({ id }) => id === selection.id) : undefined;
	const about = alert === undefined ? selection : aboutOf(alert);
	switch (about?.kind) {
		case 'van':
			return about.id;
		case 'stop':
			return about.vehicle;
		case 'visit':
			return findVisit(views, about.id)?.view.route.vehicle ?? null;
		default:
			return null;
	}
}

function useDifference({ board, comparison }: Mend, plan: PublishedPlan | null, scheme: 'light' | 'dark') {
	const { t } = useTexts();
	const names = useNames();
	const none = t('day.mend.noVan');
	return useMemo(() => {
		const draft = board === null ? null : draftOf(board);
		if (board === null || comparison === null || draft === null) return null;
		return {
			routes: changedRoutes(plan, draft, scheme, `${board.id} ${board.version}`),
			marks: marksOf(comparison.changes, plan, draft, names.van, none),
			marked: new Set(comparison.changes.map(({ visit }) => visit)),
		};
	}, [board, comparison, plan, scheme, names, none]);
}

function useKeys(tool: ReturnType<typeof useTool>, toggleTimeline: () => void): void {
	const close = useCallback(() => (tool === null ? select(null) : openTool(null)), [tool]);
	useShortcuts({
		m: () => openTool('mend'),
		i: () => openTool('incident'),
		c: () => openTool('rain'),
		t: toggleTimeline,
		'0': () => showOnMap({ kind: 'all' }),
		Escape: close,
	});
}
