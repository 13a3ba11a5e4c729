/** The routes of a plan on the map: the chosen van's drawn out, the visit without a van hollow. */
import { useEffect, useMemo, useRef } from 'react';
import type { DraftDay } from '@junkai/contracts';
import { formatTime } from '../../../shared/i18n/format.ts';
import type { FleetMap } from '../../../shared/map/fleet-map.ts';
import MapView from '../../../shared/map/map-view.tsx';
import type { MapRoutes } from '../../../shared/map/route-layers.ts';
import { useRegion } from '../../../shared/map/use-region.ts';
import type { MapVisit } from '../../../shared/map/visit-layers.ts';
import { findVisit, type TimelineData } from '../timeline/model.ts';
import type { TimelineSelection } from '../timeline/props.ts';
import { useScheme } from './use-day.ts';

interface Props {
	data: TimelineData;
	day: DraftDay;
	selection: TimelineSelection | null;
	onSelect: (selection: TimelineSelection | null) => void;
}

const nothingClosed = { closed: [], closing: [], areas: [] };
const noTrack: [] = [];

export default function BoardMap({ data, day, selection, onSelect }: Props) {
	const { region } = useRegion();
	const scheme = useScheme();
	const routes = useMemo(() => mapRoutes(data, day), [data, day]);
	const visits = useMemo(() => mapVisits(data, day), [data, day]);
	const visit = selection?.kind === 'visit' ? selection.visit : null;
	const van =
		selection?.kind === 'vehicle' ? selection.vehicle : visit === null ? null : (findVisit(data, visit)?.lane.vehicle ?? null);
	return (
		<div className="board-map">
			<MapView
				region={region}
				scheme={scheme}
				van={van}
				visit={visit}
				track={noTrack}
				routes={routes}
				visits={visits}
				marks={null}
				closures={nothingClosed}
				drawing={null}
				onSelect={(picked) => {
					if (picked.kind === 'van') onSelect({ kind: 'vehicle', vehicle: picked.id });
					else if (picked.kind === 'visit') onSelect({ kind: 'visit', visit: picked.id });
				}}
				onTouched={() => undefined}
			>
				{(map) => <Fit map={map} visits={visits} date={day.date} />}
			</MapView>
		</div>
	);
}

/** Shows the whole day when it is another one. */
function Fit({ map, visits, date }: { map: FleetMap; visits: readonly MapVisit[]; date: string }) {
	const fitted = useRef<{ map: FleetMap; date: string } | null>(null);
	useEffect(() => {
		// A moved visit must not move the map.
		if (fitted.current?.map === map && fitted.current.date === date) return;
		fitted.current = { map, date };
		map.fit(visits);
	}, [map, date, visits]);
	return null;
}

function mapRoutes({ vehicles }: TimelineData, { draft, date }: DraftDay): MapRoutes {
	const colours = new Map(vehicles.map(({ vehicle, colour }) => [vehicle, colour]));
	return {
		routes: draft.routes.map(({ vehicle, stops, distance }) => {
			const colour = colours.get(vehicle)!;
			let number = 0;
			return {
				van: vehicle,
				colour,
				key: `${date} ${colour} ${distance} ${stops.map(({ arrival }) => arrival).join(' ')}`,
				ways: stops.flatMap(({ way }) => (way === null ? [] : [{ done: false, line: way.geometry.coordinates }])),
				stops: stops.flatMap(({ kind, location, arrival }) =>
					kind === 'visits' ? [{ location, number: ++number, time: formatTime(arrival), state: 'later' as const }] : [],
				),
			};
		}),
		old: [],
	};
}

function mapVisits({ vehicles }: TimelineData, { draft }: DraftDay): MapVisit[] {
	const colours = new Map(vehicles.map(({ vehicle, colour }) => [vehicle, colour]));
	const planned = draft.routes.flatMap(({ vehicle, stops }) =>
		stops.flatMap(({ visits, location: [lon, lat] }) =>
			visits.map(({ visit }): MapVisit => ({
				id: visit,
				lon,
				lat,
				state: 'planned',
				late: false,
				colour: colours.get(vehicle) ?? null,
			})),
		),
	);
	const spare = draft.unassigned.map(({ visit, location: [lon, lat] }): MapVisit => ({
		id: visit,
		lon,
		lat,
		state: 'unassigned',
		late: false,
		colour: null,
	}));
	return [...planned, ...spare];
}
